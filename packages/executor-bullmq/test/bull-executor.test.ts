import { writeFileSync } from "node:fs";
import {
  ExecutorClosedError,
  JobCancelledError,
  WorkReferenceError,
  type Job,
} from "@trestle/executor";
import { ArgumentError } from "@trestle/host";
import { Queue } from "bullmq";
import { expect } from "vitest";
import type { BullJobOptions } from "../src/bull-job-options.js";
import { JobLostError } from "../src/job-lost-error.js";
import { PayloadError } from "../src/payload-error.js";
import { useQueue, work } from "./queue-for-tests.js";
import { skipped, testWithRedis as test } from "./redis-for-tests.js";
import { until } from "./until.js";

const jobs = useQueue();

function isQueued(count: number): () => Promise<boolean> {
  return async () => {
    await using queue = open();
    return (await queue.queue.getWaitingCount()) === count;
  };
}

/** The queue as BullMQ has it. */
function open(): AsyncDisposable & { readonly queue: Queue } {
  const { port } = jobs.redis.server;
  const queue = new Queue(jobs.queue, { connection: { host: "127.0.0.1", port } });
  return { queue, [Symbol.asyncDispose]: () => queue.close() };
}

test(`gives what the function returns, elsewhere${skipped}`, async () => {
  await using worker = jobs.openWorker({ concurrency: 3 });
  await using executor = jobs.openExecutor();
  expect(await executor.submit(work.add, [2, 3])).toBe(5);
  const given = { at: new Date(7), seen: new Map([["a", [undefined]]]) };
  expect(await executor.submit(work.echo, [given])).toEqual(given);
  const calls: [number, number][] = [
    [1, 1],
    [2, 2],
    [3, 3],
  ];
  const sums: number[] = [];
  for await (const sum of executor.map(work.add, calls)) sums.push(sum);
  expect(sums).toEqual([2, 4, 6]);
  expect(executor.statistics()).toEqual({ queued: 0, running: 0, submitted: 5 });
  expect(worker.running).toBe(0);
});

test(`gives the function's own error${skipped}`, async () => {
  await using _worker = jobs.openWorker();
  await using executor = jobs.openExecutor();
  const error: unknown = await executor
    .submit(work.fail, ["too far"])
    .then(undefined, (thrown) => thrown);
  expect(error).toBeInstanceOf(RangeError);
  expect(error).toMatchObject({ message: "too far", code: "E_RANGE", limit: 7 });
  expect((error as Error).cause).toMatchObject({ message: "deeper" });
  expect((error as Error).stack).toContain("work-for-tests");
});

test(`a job that was cancelled in the queue never runs${skipped}`, async () => {
  await using executor = jobs.openExecutor();
  const first = executor.submit(work.mark, [jobs.file("marks"), "first"]);
  const second = executor.submit(work.mark, [jobs.file("marks"), "second"]);
  await until(isQueued(2));
  expect(first.cancel("not needed")).toBe(true);
  await expect(first).rejects.toThrow(JobCancelledError);
  await using _worker = jobs.openWorker();
  expect(await second).toBe("second");
  expect(jobs.lines("marks")).toEqual(["second"]);
});

test(`nor does one whose wait was aborted there, as a runtime does${skipped}`, async () => {
  await using executor = jobs.openExecutor();
  const outcomes: unknown[] = [];
  const job = executor.submit(work.mark, [jobs.file("marks"), "first"]);
  const abort = job.wait((outcome) => outcomes.push(outcome));
  await until(isQueued(1));
  const cancelled = new Error("too slow");
  expect(abort(cancelled)).toBe("committed");
  await until(() => outcomes.length > 0);
  expect(outcomes).toEqual([{ ok: false, error: cancelled }]);
  await using _worker = jobs.openWorker();
  expect(await executor.submit(work.mark, [jobs.file("marks"), "second"])).toBe("second");
  expect(jobs.lines("marks")).toEqual(["second"]);
});

test(`a running job is told, and waited for until it has stopped${skipped}`, async () => {
  await using worker = jobs.openWorker();
  await worker.ready();
  await using executor = jobs.openExecutor();
  const controller = new AbortController();
  const { signal } = controller;
  const job = executor.submit(work.hang, [jobs.file("marks")], {
    signal,
    onCancel: "cooperative",
    retry: { attempts: 5 },
  });
  await until(() => jobs.lines("marks").length === 1);
  await until(() => executor.statistics().running === 1);
  controller.abort(new Error("enough"));
  await expect(job).rejects.toMatchObject({ name: "JobCancelledError", reason: signal.reason });
  // It is not tried again, whatever its attempts.
  expect(jobs.lines("marks")).toEqual(["began", "stopped"]);
});

test(`an abandoned job ends for its submitter, and goes on in its worker${skipped}`, async () => {
  await using worker = jobs.openWorker();
  await using executor = jobs.openExecutor();
  const job = executor.submit(work.waitForFile, [jobs.file("marks"), jobs.file("gate")], {
    onCancel: "abandon",
  });
  await until(() => jobs.lines("marks").length === 1);
  job.cancel();
  await expect(job).rejects.toThrow(JobCancelledError);
  expect(worker.running).toBe(1);
  writeFileSync(jobs.file("gate"), "");
  await until(() => worker.running === 0);
  expect(jobs.lines("marks")).toEqual(["began", "ended"]);
});

test(`tries again as often as it was told${skipped}`, async () => {
  await using _worker = jobs.openWorker();
  await using executor = jobs.openExecutor();
  const once = executor.submit(work.failUntil, [jobs.file("once"), 2]);
  await expect(once).rejects.toThrow("not yet");
  expect(jobs.lines("once")).toHaveLength(1);
  const retry = { attempts: 3, backoffMs: 1 };
  expect(await executor.submit(work.failUntil, [jobs.file("often"), 2], { retry })).toBe("at last");
  expect(jobs.lines("often")).toHaveLength(3);
  const never = executor.submit(work.failUntil, [jobs.file("never"), 9], { retry });
  await expect(never).rejects.toThrow("not yet");
  expect(jobs.lines("never")).toHaveLength(3);
});

test(`a job under the same identifier is the same job, also when it has ended${skipped}`, async () => {
  await using _worker = jobs.openWorker();
  await using first = jobs.openExecutor();
  await using second = jobs.openExecutor();
  const args: [string, string] = [jobs.file("marks"), "once"];
  const options = { jobId: "order-7" };
  const one = first.submit(work.mark, args, options);
  expect(() => first.submit(work.mark, args, options)).toThrow(ArgumentError);
  const [oneMark, otherMark] = await Promise.all([one, second.submit(work.mark, args, options)]);
  expect([oneMark, otherMark]).toEqual(["once", "once"]);
  expect(await first.submit(work.mark, args, options)).toBe("once");
  expect(jobs.lines("marks")).toEqual(["once"]);
});

test(`smaller priorities go first, and delayed jobs stay in the queue${skipped}`, async () => {
  await using executor = jobs.openExecutor();
  const mark = (line: string, options: BullJobOptions): Job<string> =>
    executor.submit(work.mark, [jobs.file("marks"), line], options);
  const delayed = mark("delayed", { delayMs: 1e8 });
  const all = [mark("later", { priority: 9 }), mark("sooner", { priority: 1 })];
  await using bull = open();
  await until(async () => (await bull.queue.getPrioritizedCount()) === 2);
  await using _worker = jobs.openWorker();
  await Promise.all(all);
  expect(jobs.lines("marks")).toEqual(["sooner", "later"]);
  expect(await bull.queue.getDelayedCount()).toBe(1);
  delayed.cancel();
  await expect(delayed).rejects.toThrow(JobCancelledError);
  expect(await bull.queue.getDelayedCount()).toBe(0);
});

test(`arguments and results that cannot travel fail their own job${skipped}`, async () => {
  await using _worker = jobs.openWorker();
  await using executor = jobs.openExecutor();
  await expect(executor.submit(work.echo, [() => {}])).rejects.toThrow(PayloadError);
  await expect(executor.submit(work.unsendable, [])).rejects.toThrow(
    /^Cannot send the result of the job 'unsendable'/u,
  );
  expect(await executor.submit(work.add, [1, 2])).toBe(3);
});

test(`says so when somebody else has removed a job${skipped}`, async () => {
  await using executor = jobs.openExecutor();
  const job = executor.submit(work.add, [1, 2], { jobId: "mine" });
  await until(isQueued(1));
  await using bull = open();
  await bull.queue.remove("mine");
  await expect(job).rejects.toThrow(JobLostError);
});

test(`refuses what has no meaning on another machine${skipped}`, async () => {
  await using executor = jobs.openExecutor();
  const submit = (options: unknown): unknown =>
    executor.submit(work.add, [1, 2], options as BullJobOptions);
  expect(() => submit({ host: {} })).toThrow(ArgumentError);
  expect(() => submit({ jobId: "a:b" })).toThrow(ArgumentError);
  expect(() => submit({ retry: { attempts: 0 } })).toThrow(ArgumentError);
  const other = { module: "file:///other.js", name: "add" };
  expect(() => executor.submit(other, [])).toThrow(WorkReferenceError);
  expect(executor.statistics().submitted).toBe(0);
});

test(`shuts down when its jobs have ended, and cancels those in the queue where asked${skipped}`, async () => {
  const executor = jobs.openExecutor();
  const job = executor.submit(work.add, [1, 2]);
  await until(isQueued(1));
  await executor.shutdown({ wait: false });
  expect(() => executor.submit(work.add, [1, 2])).toThrow(ExecutorClosedError);
  const end = executor.shutdown({ cancelFutures: true });
  await expect(job).rejects.toThrow(JobCancelledError);
  await end;
  await executor.shutdown();
});
