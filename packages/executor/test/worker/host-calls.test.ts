import { expect, test } from "vitest";
import { encodeError } from "../../src/encode-error.js";
import { HostCalls } from "../../src/worker/host-calls.js";

function asker(log: unknown[]) {
  return {
    answer: (value: unknown) => void log.push(["answer", value]),
    refuse: (error: unknown) => void log.push(["refuse", String(error)]),
  };
}

test("gives answers to who asked, once", () => {
  const calls = new HostCalls();
  const log: unknown[] = [];
  const [one, two] = [calls.add(asker(log)), calls.add(asker(log))];
  calls.take({ kind: "refusal", call: two, error: encodeError(new Error("no")) });
  calls.take({ kind: "answer", call: one, value: 5 });
  calls.take({ kind: "answer", call: one, value: 6 });
  expect(log).toEqual([
    ["refuse", "Error: no"],
    ["answer", 5],
  ]);
});

test("refuses all that are out, and forgets those that were never sent", () => {
  const calls = new HostCalls();
  const log: unknown[] = [];
  calls.forget(calls.add(asker(log)));
  calls.add(asker(log));
  calls.refuseAll("over");
  calls.refuseAll("over");
  expect(log).toEqual([["refuse", "over"]]);
});
