import { fromPromise, CapacityLimiter, NoRunError, run } from "@trestle/structured";
import { expect, test } from "vitest";
import { JobLimiter } from "../../src/job-limiter.js";
import { StructuredExecutor } from "../../src/structured/structured-executor.js";
import { currentDefaultThreadLimiter } from "../../src/structured/thread-limiter.js";
import { work } from "../built-work.js";
import { sharedWords, until } from "../until.js";

test("one token is enough for one job, and it comes back", () =>
  run(function* () {
    const limiter = new CapacityLimiter(1);
    const executor = new StructuredExecutor({ limiter });
    expect(yield* fromPromise(executor.submit(work.add, [1, 2]))).toBe(3);
    expect(limiter.borrowedTokens).toBe(0);
    yield* fromPromise(executor.shutdown());
  }));

test("no more run at a time than it may have workers; more wait, and can be cancelled", () =>
  run(function* () {
    const executor = new StructuredExecutor({ maxWorkers: 1 });
    const memory = sharedWords();
    const first = executor.submit(work.standStill, [memory]);
    const second = executor.submit(work.add, [1, 2]);
    const third = executor.submit(work.add, [3, 4]);
    yield* fromPromise(until(() => Atomics.load(memory, 1) === 1));
    expect([executor.statistics().running, second.state]).toEqual([1, "queued"]);
    second.cancel();
    Atomics.store(memory, 0, 1);
    Atomics.notify(memory, 0);
    expect(yield* fromPromise(third)).toBe(7);
    expect([first.state, second.state]).toEqual(["done", "done"]);
    yield* fromPromise(executor.shutdown());
  }));

test("takes the run's limiter unless told otherwise, and a job may name its own", () =>
  run(function* () {
    const executor = new StructuredExecutor();
    const limiter = currentDefaultThreadLimiter();
    limiter.totalTokens = 0;
    const job = executor.submit(work.add, [1, 2], { limiter: undefined });
    const own = executor.submit(work.add, [3, 4], { limiter: new JobLimiter(1) });
    expect(yield* fromPromise(own)).toBe(7);
    expect(job.state).toBe("queued");
    limiter.totalTokens = 1;
    expect(yield* fromPromise(job)).toBe(3);
    yield* fromPromise(executor.shutdown());
  }));

test("is made in a run", () => {
  expect(() => new StructuredExecutor()).toThrow(NoRunError);
});
