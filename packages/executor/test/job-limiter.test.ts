import { ArgumentError, type Outcome } from "@trestle/host";
import { waitBehaviours } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { JobLimiter } from "../src/job-limiter.js";

function acquire(limiter: JobLimiter, borrower: object, log: string[], name: string) {
  return limiter.acquire(borrower)((outcome: Outcome<void>) =>
    log.push(outcome.ok ? name : "failed"),
  );
}

test("hands out its tokens in the order of asking, and each again when it is back", () => {
  const limiter = new JobLimiter(1);
  const [a, b, c] = [{}, {}, {}];
  const log: string[] = [];
  acquire(limiter, a, log, "a");
  const abortB = acquire(limiter, b, log, "b");
  acquire(limiter, c, log, "c");
  expect(log).toEqual(["a"]);
  expect(limiter.statistics()).toEqual({ borrowedTokens: 1, totalTokens: 1, jobsWaiting: 2 });
  expect(abortB("enough")).toBe("withdrawn");
  limiter.release(a);
  expect(log).toEqual(["a", "c"]);
  limiter.release(c);
  expect([limiter.borrowedTokens, limiter.availableTokens]).toEqual([0, 1]);
});

test("raised it lets in at once, lowered it takes nothing away", () => {
  const limiter = new JobLimiter(0);
  const borrowers = [{}, {}, {}];
  const log: string[] = [];
  borrowers.forEach((borrower, at) => acquire(limiter, borrower, log, `${at}`));
  limiter.totalTokens = 2;
  expect(log).toEqual(["0", "1"]);
  limiter.totalTokens = 1;
  expect(limiter.availableTokens).toBe(-1);
  limiter.release(borrowers[0] as object);
  expect(log).toEqual(["0", "1"]);
  limiter.totalTokens = Number.POSITIVE_INFINITY;
  expect(log).toEqual(["0", "1", "2"]);
});

test("refuses wrong numbers, and a token that is not out", () => {
  for (const wrong of [-1, 1.5, Number.NaN, "4"]) {
    expect(() => new JobLimiter(wrong as number)).toThrow(ArgumentError);
  }
  expect(() => new JobLimiter(1).release({})).toThrow(ArgumentError);
});

describe("the wait for a token", () => {
  const open = () => {
    const limiter = new JobLimiter(1);
    const first = {};
    limiter.acquire(first)(() => {});
    let isOut = true;
    return {
      wait: limiter.acquire({}),
      finish: () => {
        if (isOut) limiter.release(first);
        isOut = false;
      },
      settle: async () => {},
    };
  };
  for (const { title, run } of waitBehaviours(open)) test(title, run);
});
