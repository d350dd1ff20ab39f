import { expect, test } from "vitest";
import { parseJobs } from "../src/job-file.js";

const command = { kind: "command", command: ["true"] };

function fileWith(...jobs: readonly unknown[]): string {
  return JSON.stringify({ jobs });
}

test("reads jobs of all kinds, and says the rest itself", () => {
  const text = fileWith(
    { name: "a", kind: "command", command: ["echo", ""] },
    { name: "b", kind: "primes", limit: 10, needs: ["a"], timeout: 5, retries: 2, grace: 0 },
    { name: "c", kind: "hash", file: "x", needs: ["b", "a"] },
    { name: "d", kind: "compress", file: "x", into: "y" },
  );
  const usual = { needs: [], timeout: Infinity, retries: 0, grace: 2000 };
  expect(parseJobs(text)).toEqual([
    { ...usual, name: "a", kind: "command", command: ["echo", ""] },
    { name: "b", kind: "primes", limit: 10, needs: ["a"], timeout: 5, retries: 2, grace: 0 },
    { ...usual, name: "c", kind: "hash", file: "x", needs: ["b", "a"] },
    { ...usual, name: "d", kind: "compress", file: "x", into: "y" },
  ]);
});

test.each([
  ["{", "it is no JSON. "],
  ["null", 'it is null: { "jobs": [...] } is wanted'],
  ['"jobs"', 'it is "jobs": { "jobs": [...] } is wanted'],
  ['{"jobs": []}', 'it is {"jobs":[]}: { "jobs": [...] } is wanted'],
  ['{"jobs": [1], "job": 1}', 'it is {"jobs":[1],"job":1}: '],
  [fileWith("a"), 'jobs[0] is "a": an object is wanted.'],
  [fileWith({ kind: "hash", file: "x" }), "jobs[0].name is missing: a text that is not empty"],
  [fileWith({ ...command, name: "" }), 'jobs[0].name is "": a text that is not empty is wanted.'],
  [fileWith({ name: "a" }), 'jobs[0].kind is missing: one of "command", "primes", "hash", '],
  [fileWith({ ...command, name: "a", kind: "shell" }), 'jobs[0].kind is "shell": one of "command"'],
  [fileWith({ name: "a", kind: "command" }), "jobs[0].command is missing: a list of texts, a "],
  [fileWith({ name: "a", kind: "command", command: "ls -l" }), 'jobs[0].command is "ls -l": '],
  [fileWith({ name: "a", kind: "command", command: [""] }), 'jobs[0].command is [""]: a list'],
  [fileWith({ name: "a", kind: "primes", limit: 1.5 }), "jobs[0].limit is 1.5: a whole number"],
  [fileWith({ ...command, name: "a", needs: "b" }), 'jobs[0].needs is "b": a list of texts'],
  [fileWith({ ...command, name: "a", timeout: 0 }), "jobs[0].timeout is 0: a whole number from 1"],
  [fileWith({ ...command, name: "a", timeout: "5s" }), 'jobs[0].timeout is "5s": a whole number'],
  [fileWith({ ...command, name: "a", retries: -1 }), "jobs[0].retries is -1: a whole number from"],
  [fileWith({ ...command, name: "a", file: "x" }), 'jobs[0] has the field "file": only name, '],
  [
    fileWith({ ...command, name: "a" }, { ...command, name: "a" }),
    'jobs[1].name is "a", as that of another job is.',
  ],
  [
    fileWith({ ...command, name: "a" }, { ...command, name: "b", needs: ["a", "c"] }),
    'jobs[1].needs of "b" names "c", and there is no such job.',
  ],
  [
    fileWith({ ...command, name: "a", needs: ["b"] }, { ...command, name: "b", needs: ["a"] }),
    "these jobs need each other, in a circle: a -> b -> a.",
  ],
])("%s is refused", (text, message) => {
  expect(() => parseJobs(text)).toThrow(message);
});
