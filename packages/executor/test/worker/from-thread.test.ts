import { success } from "@trestle/host";
import { expect, test } from "vitest";
import { InlineJob } from "../../src/inline-job.js";
import { NoJobError } from "../../src/no-job-error.js";
import { fromThread } from "../../src/worker/from-thread.js";
import { runAs } from "../../src/worker/job-side.js";

test("passes names and arguments on, blocking or not", async () => {
  const asked: unknown[] = [];
  const job = new InlineJob("crunch", (name, args, isBlocking, answer) => {
    asked.push([name, args, isBlocking]);
    answer(success(args.length));
  });
  expect(runAs(job, () => fromThread.runSync<number>("log", 1, 2))).toBe(2);
  expect(await runAs(job, () => fromThread.run<number>("log", 1))).toBe(1);
  expect(asked).toEqual([
    ["log", [1, 2], true],
    ["log", [1], false],
  ]);
});

test("needs a job", () => {
  expect(() => fromThread.runSync("log")).toThrow(NoJobError);
  expect(() => fromThread.run("log")).toThrow("Cannot call 'log'");
});
