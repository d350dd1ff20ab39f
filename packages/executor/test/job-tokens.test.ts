import { failure, success, type Outcome, type Wait } from "@trestle/host";
import { expect, test } from "vitest";
import { JobLimiter, type Limiter } from "../src/job-limiter.js";
import { JobTokens } from "../src/job-tokens.js";
import { ThreadJob } from "../src/thread-job.js";

function jobOf(limiter?: Limiter): ThreadJob {
  const canceller = { cancelJob: () => "withdrawn" as const };
  const origin = { canceller, number: 1, site: undefined, inContext: undefined };
  return new ThreadJob({ module: "a", name: "crunch" }, [], { limiter }, origin);
}

/** A limiter that answers when it is told to. */
class FakeLimiter implements Limiter {
  readonly log: string[] = [];
  answer: (outcome: Outcome<void>) => void = () => {};

  acquire(): Wait<void> {
    return (resume) => {
      this.answer = resume;
      return () => {
        this.log.push("abort");
        return "withdrawn";
      };
    };
  }

  release(): void {
    this.log.push("release");
  }
}

const trap = (): never => {
  throw new Error("a trap");
};

test("a job takes a token of its own limiter, or else of the pool's", () => {
  const [pools, own] = [new JobLimiter(1), new JobLimiter(1)];
  const tokens = new JobTokens(pools);
  const outcomes: unknown[] = [];
  tokens.take(jobOf(), (outcome) => outcomes.push(outcome));
  tokens.take(jobOf(own), (outcome) => outcomes.push(outcome));
  expect(outcomes).toEqual([success(), success()]);
  expect([pools.borrowedTokens, own.borrowedTokens, tokens.waiting]).toEqual([1, 1, 0]);
  expect(new JobTokens(undefined).isNeededBy(jobOf())).toBe(false);
});

test("a job that leaves the line withdraws its wait", () => {
  const limiter = new FakeLimiter();
  const tokens = new JobTokens(limiter);
  const [first, second] = [jobOf(), jobOf()];
  const taken = (): void => expect.unreachable();
  tokens.take(first, taken);
  tokens.take(second, taken);
  expect([tokens.waiting, tokens.leave(first), tokens.leave(first)]).toEqual([2, true, false]);
  expect(tokens.leaveAll()).toEqual([second]);
  expect([limiter.log, tokens.waiting]).toEqual([["abort", "abort"], 0]);
});

test("a token that comes for a job which has left goes back", () => {
  const limiter = new FakeLimiter();
  const tokens = new JobTokens(limiter);
  const job = jobOf();
  tokens.take(job, () => expect.unreachable());
  tokens.leave(job);
  limiter.answer(success());
  expect(limiter.log).toEqual(["abort", "release"]);
  limiter.answer(failure("no more"));
  expect(limiter.log).toEqual(["abort", "release"]);
});

test.each<[what: string, limiter: Partial<Limiter>]>([
  ["'acquire'", { acquire: trap }],
  ["the wait that it gives", { acquire: () => trap }],
])("a limiter that throws in %s makes its job fail", (_what, limiter) => {
  const tokens = new JobTokens({ release: () => {}, ...limiter } as Limiter);
  const outcomes: unknown[] = [];
  tokens.take(jobOf(), (outcome) => outcomes.push(outcome));
  expect([outcomes, tokens.waiting]).toEqual([[failure(new Error("a trap"))], 0]);
});

test("one that throws as its wait is withdrawn does not keep the job from leaving", () => {
  const tokens = new JobTokens({ acquire: () => () => trap, release: () => {} });
  const job = jobOf();
  tokens.take(job, () => expect.unreachable());
  expect([tokens.leave(job), tokens.waiting]).toEqual([true, 0]);
});

test("one that throws as it gets a token back makes its job fail", () => {
  const tokens = new JobTokens({ acquire: () => trap, release: trap });
  expect(tokens.giveBack(jobOf(), success(5))).toEqual(failure(new Error("a trap")));
  const both = tokens.giveBack(jobOf(), failure("its own")) as { readonly error: AggregateError };
  expect(both.error.errors).toEqual(["its own", new Error("a trap")]);
});
