import { failure, success, type Outcome } from "@trestle/host";
import { expect, test } from "vitest";
import { JobCancelledError } from "../src/job-cancelled-error.js";
import type { Job, JobState } from "../src/job.js";
import { mapJobs } from "../src/map-jobs.js";
import { Completion } from "../src/pending.js";

class FakeJob extends Completion<number> implements Job<number> {
  readonly id = "1";
  readonly name = "fake";
  readonly reasons: unknown[] = [];

  constructor(outcome?: Outcome<number>) {
    super();
    if (outcome) this.settle(outcome);
  }

  get state(): JobState {
    return this.outcome ? "done" : "queued";
  }

  cancel(reason: unknown): boolean {
    this.reasons.push(reason);
    this.settle(failure(new JobCancelledError(this.name, reason)));
    return true;
  }
}

const resultsOf = (jobs: readonly FakeJob[]): AsyncGenerator<number, void, void> =>
  mapJobs(jobs, (job) => job);

test("gives the results in the order of the jobs", async () => {
  const slow = new FakeJob();
  const jobs = [slow, new FakeJob(success(2))];
  const results: number[] = [];
  queueMicrotask(() => slow.settle(success(1)));
  for await (const result of resultsOf(jobs)) results.push(result);
  expect(results).toEqual([1, 2]);
  expect(jobs.flatMap(({ reasons }) => reasons)).toEqual([]);
});

test("a failure comes in its place, and cancels the rest", async () => {
  const rest = new FakeJob();
  const jobs = [new FakeJob(success(1)), new FakeJob(failure(new Error("two"))), rest];
  const results: number[] = [];
  const reading = (async () => {
    for await (const result of resultsOf(jobs)) results.push(result);
  })();
  await expect(reading).rejects.toThrow("two");
  expect(results).toEqual([1]);
  expect(rest.reasons).toEqual(["the iteration over the results was left"]);
});

test("leaving the iteration cancels the rest", async () => {
  const rest = new FakeJob();
  for await (const result of resultsOf([new FakeJob(success(1)), rest])) {
    expect(result).toBe(1);
    break;
  }
  expect(rest.state).toBe("done");
});

test("a call that is refused cancels the jobs of those before it", () => {
  const jobs: FakeJob[] = [];
  const submit = (args: number[]): FakeJob => {
    if (args.length === 0) throw new RangeError("no arguments");
    jobs.push(new FakeJob());
    return jobs.at(-1) as FakeJob;
  };
  mapJobs([[1], [2]], submit);
  expect(() => mapJobs([[3], [], [4]], submit)).toThrow(RangeError);
  expect(jobs.map(({ reasons }) => reasons)).toEqual([[], [], ["a later call was refused"]]);
});
