import { failure, success } from "@trestle/host";
import { waitBehaviours } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { completed, Completion, failed, promiseOf } from "../src/pending.js";

test("everybody who waits gets the outcome, also those who come later", async () => {
  const completion = new Completion<number>();
  const outcomes: unknown[] = [];
  completion.wait((outcome) => outcomes.push(outcome));
  const promise = promiseOf(completion.wait);
  completion.settle(success(5));
  completion.settle(success(6));
  completion.wait((outcome) => outcomes.push(outcome));
  expect(outcomes).toEqual([success(5), success(5)]);
  expect(await promise).toBe(5);
  expect(await completion).toBe(5);
  expect(completion.outcome).toEqual(success(5));
});

test("an abort ends one wait, and nothing else", () => {
  const completion = new Completion<void>();
  const log: string[] = [];
  const abort = completion.wait(() => log.push("first"));
  completion.wait(() => log.push("second"));
  expect(abort("enough")).toBe("withdrawn");
  completion.settle(success());
  expect(log).toEqual(["second"]);
});

test("what has ended already gives its outcome at once", async () => {
  expect(await completed(5)).toBe(5);
  await expect(Promise.resolve(failed(new Error("no")))).rejects.toThrow("no");
});

describe("its wait", () => {
  const open = () => {
    const completion = new Completion<void>();
    const finish = () => completion.settle(failure("ended"));
    return { wait: completion.wait, finish, settle: async () => {} };
  };
  for (const { title, run } of waitBehaviours(open)) test(title, run);
});
