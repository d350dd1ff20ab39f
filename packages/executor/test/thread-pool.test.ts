import { failure, success } from "@trestle/host";
import { expect, onTestFinished, test } from "vitest";
import { BrokenExecutorError } from "../src/broken-executor-error.js";
import { encodeError } from "../src/encode-error.js";
import { JobLimiter, type Limiter } from "../src/job-limiter.js";
import type { JobOptions } from "../src/job.js";
import { ThreadJob } from "../src/thread-job.js";
import { ThreadPool, type PoolOptions } from "../src/thread-pool.js";
import { UncloneableError } from "../src/uncloneable-error.js";
import { WorkerExitError } from "../src/worker-exit-error.js";
import { FakeThread } from "./threads.js";
import { until } from "./until.js";

/** A pool of fake threads, with a log of what becomes of its jobs. */
class Stage {
  readonly threads: FakeThread[] = [];
  readonly log: string[] = [];
  readonly late: unknown[] = [];
  readonly pool: ThreadPool;
  #number = 0;

  constructor(options: Partial<PoolOptions> = {}) {
    this.pool = new ThreadPool({
      maxWorkers: 1,
      idleTimeoutMs: Number.POSITIVE_INFINITY,
      limiter: undefined,
      hasInitializer: false,
      onLateError: (error, job) => this.late.push([error, job]),
      openThread: (events) => {
        const thread = new FakeThread(events);
        this.threads.push(thread);
        return thread;
      },
      ...options,
    });
  }

  job(name: string, options: JobOptions = {}, args: unknown[] = []): ThreadJob {
    const origin = {
      canceller: this.pool,
      number: ++this.#number,
      site: undefined,
      inContext: undefined,
    };
    const job = new ThreadJob({ module: "a.js", name }, args, options, origin);
    job.wait((outcome) => {
      this.log.push(`${name}: ${String(outcome.ok ? outcome.value : outcome.error)}`);
    });
    this.pool.add(job);
    return job;
  }

  thread(at = 0): FakeThread {
    return this.threads[at] as FakeThread;
  }
}

test("gives a thread one job after the other, in their order", () => {
  const stage = new Stage();
  for (const name of ["a", "b", "c"]) void stage.job(name);
  expect([stage.pool.running, stage.pool.queued, stage.pool.threads]).toEqual([1, 2, 1]);
  for (const value of [1, 2, 3]) stage.thread().done(value);
  expect(stage.thread().log).toEqual(["run a", "run b", "run c"]);
  expect(stage.log).toEqual(["a: 1", "b: 2", "c: 3"]);
});

test("opens threads as they are needed, up to its limit", () => {
  const stage = new Stage({ maxWorkers: 2 });
  void stage.job("a");
  stage.thread().done();
  void stage.job("b");
  expect(stage.threads.length).toBe(1);
  void stage.job("c");
  void stage.job("d");
  expect(stage.threads.length).toBe(2);
  expect(stage.pool.queued).toBe(1);
});

test("gives what has not begun to another thread, with its token", () => {
  const limiter = new JobLimiter(1);
  const stage = new Stage({ limiter });
  for (const name of ["a", "b"]) void stage.job(name);
  limiter.totalTokens = 0;
  stage.thread().exit(1);
  expect(stage.thread(1).log).toEqual(["run a"]);
  expect(limiter.borrowedTokens).toBe(1);
  limiter.totalTokens = 1;
  stage.thread(1).done(1);
  expect(stage.thread(1).log).toEqual(["run a", "run b"]);
  expect(stage.log).toEqual(["a: 1"]);
});

test("does not do so with what has begun, what has lost its buffers, nor for a thread that was never ready", () => {
  const stage = new Stage();
  const begun = stage.job("a");
  stage.thread().begin().exit(3);
  const moved = stage.job("b", { transfer: [] });
  stage.thread(1).exit(3);
  const early = stage.job("c");
  stage.thread(2).isReady = false;
  stage.thread(2).exit(3);
  const outcomes: unknown[] = [];
  for (const job of [begun, moved, early]) job.wait((outcome) => outcomes.push(outcome));
  expect(outcomes).toEqual(
    ["a", "b", "c"].map((name) => failure(new WorkerExitError(name, 3, undefined))),
  );
});

test("what a thread told before its end counts", () => {
  const stage = new Stage();
  void stage.job("a");
  stage.thread().isRetiring = true;
  stage.thread().done(1);
  stage.thread().exit();
  expect(stage.log).toEqual(["a: 1"]);
  expect(stage.pool.threads).toBe(0);
});

test("holds a token for each job that runs, until its thread is done with it", () => {
  const limiter = new JobLimiter(1);
  const stage = new Stage({ limiter, maxWorkers: 3 });
  const a = stage.job("a", { onCancel: "abandon" });
  void stage.job("b");
  expect([limiter.borrowedTokens, stage.pool.running, stage.pool.queued]).toEqual([1, 1, 1]);
  stage.thread().begin();
  a.cancel();
  expect(stage.log).toEqual(["a: JobCancelledError: Cannot finish the job 'a': it was cancelled."]);
  expect(limiter.borrowedTokens).toBe(1);
  stage.thread().done();
  expect(stage.thread().log).toEqual(["run a", "mark", "run b"]);
  stage.thread().done();
  expect(limiter.borrowedTokens).toBe(0);
});

test("a job that waits for a token can be cancelled, and leaves the line", () => {
  const limiter = new JobLimiter(0);
  const stage = new Stage({ limiter });
  const a = stage.job("a");
  expect(limiter.statistics().jobsWaiting).toBe(1);
  void stage.job("b");
  a.cancel();
  expect(limiter.statistics().jobsWaiting).toBe(1);
  limiter.totalTokens = 1;
  expect(stage.thread().log).toEqual(["run b"]);
});

test("a job's own limiter takes the place of the pool's", () => {
  const stage = new Stage({ limiter: new JobLimiter(0) });
  void stage.job("a", { limiter: new JobLimiter(1) });
  expect(stage.thread().log).toEqual(["run a"]);
});

test("a limiter that fails makes its job fail", () => {
  const broken: Limiter = {
    acquire: () => (resume) => {
      resume(failure(new Error("no tokens")));
      return () => "committed";
    },
    release: () => {},
  };
  const leaking: Limiter = {
    acquire: () => (resume) => {
      resume(success());
      return () => "committed";
    },
    release: () => {
      throw new Error("not mine");
    },
  };
  const stage = new Stage();
  void stage.job("a", { limiter: broken });
  void stage.job("b", { limiter: leaking });
  stage.thread().done(1);
  void stage.job("c", { limiter: leaking });
  const error = encodeError(new Error("own"));
  stage.thread().tell({ kind: "failed", id: 3, error, isCancelled: false, isStray: false });
  expect(stage.log).toEqual([
    "a: Error: no tokens",
    "b: Error: not mine",
    "c: AggregateError: a job and its limiter failed",
  ]);
});

test("very many jobs may fail at once", () => {
  let isBroken = false;
  const limiter: Limiter = {
    acquire: () => (resume) => {
      if (isBroken) throw new Error("no tokens");
      resume(success());
      return () => "committed";
    },
    release: () => {},
  };
  const stage = new Stage({ limiter });
  for (let i = 0; i < 20_000; i++) void stage.job("a");
  isBroken = true;
  stage.thread().done(1);
  expect([stage.log.length, stage.pool.queued]).toEqual([20_000, 0]);
});

test("a thread that cannot be made fails its job only", () => {
  let isFull = true;
  const limiter = new JobLimiter(1);
  const threads: FakeThread[] = [];
  const stage = new Stage({
    limiter,
    openThread: (events) => {
      if (isFull) throw new Error("too many threads");
      const thread = new FakeThread(events);
      threads.push(thread);
      return thread;
    },
  });
  void stage.job("a");
  isFull = false;
  void stage.job("b");
  expect(stage.log).toEqual([
    "a: WorkerExitError: Cannot run the job 'a': its thread did not start: too many threads",
  ]);
  expect([threads[0]?.log, limiter.borrowedTokens]).toEqual([["run b"], 1]);
});

test("arguments that cannot be copied fail their job only", () => {
  const stage = new Stage();
  const outcomes: unknown[] = [];
  void stage.job("a", {}, ["uncloneable"]).wait((outcome) => outcomes.push(outcome));
  expect(outcomes).toEqual([
    failure(new UncloneableError("the arguments of 'a'", new Error("not to be copied"))),
  ]);
  void stage.job("b");
  expect(stage.thread().log).toEqual(["run b"]);
});

test("a stray error fails its job when the thread has ended", () => {
  const stage = new Stage();
  void stage.job("a");
  const error = encodeError(new Error("stray"));
  stage.thread().begin().tell({ kind: "failed", id: 1, error, isCancelled: false, isStray: true });
  expect([stage.log, stage.thread().isTerminated]).toEqual([[], true]);
  void stage.job("b");
  expect(stage.threads.length).toBe(1);
  stage.thread().exit(1);
  expect(stage.log).toEqual(["a: Error: stray"]);
  expect(stage.thread(1).log).toEqual(["run b"]);
});

test("a cancelled job fails with what it was cancelled with, also where its thread was terminated", () => {
  const stage = new Stage();
  const outcomes: unknown[] = [];
  const first = stage.job("a");
  const abort = first.wait((outcome) => outcomes.push(outcome));
  stage.thread().begin();
  expect(abort("one")).toBe("committed");
  const error = encodeError(new Error("any"));
  stage.thread().tell({ kind: "failed", id: 1, error, isCancelled: true, isStray: false });
  const second = stage.job("b", { onCancel: { terminateAfterMs: 0 } });
  const abortSecond = second.wait((outcome) => outcomes.push(outcome));
  stage.thread().begin();
  abortSecond("two");
  stage.thread().exit(1);
  expect(outcomes).toEqual([failure("one"), failure("two")]);
});

test("a late error is told, and its thread takes no more jobs", () => {
  const stage = new Stage();
  void stage.job("a");
  const error = encodeError("late");
  stage.thread().tell({ kind: "late", id: 9, name: "z", error });
  stage.thread().done(1);
  expect(stage.thread().isTerminated).toBe(true);
  stage.thread().exit();
  void stage.job("b");
  stage.thread(1).done(2);
  stage.thread(1).tell({ kind: "late", id: undefined, name: undefined, error });
  expect(stage.thread(1).isTerminated).toBe(true);
  stage.thread(1).exit(1, "no memory");
  expect(stage.late).toEqual([
    ["late", { id: "9", name: "z" }],
    ["late", undefined],
    ["no memory", undefined],
  ]);
});

test("a report of a late error may fail, and the pool goes on", async () => {
  const stage = new Stage({
    onLateError: (error) => {
      throw error;
    },
  });
  const uncaught: unknown[] = [];
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (error) => uncaught.push(error));
  onTestFinished(() => {
    process.removeAllListeners("unhandledRejection");
    for (const listener of others) process.on("unhandledRejection", listener);
  });
  void stage.job("a");
  stage.thread().done(1);
  stage.pool.close(false);
  stage.thread().exit(1, "no memory");
  expect(stage.pool.ended.outcome).toEqual(success());
  await until(() => uncaught.length > 0);
  expect(uncaught).toEqual(["no memory"]);
});

test("an initializer that fails breaks it", () => {
  const stage = new Stage({ hasInitializer: true });
  void stage.job("a");
  void stage.job("b");
  const thread = stage.thread();
  thread.isReady = false;
  thread.tell({ kind: "broken", error: encodeError(new Error("no database")) });
  thread.exit(1);
  expect(stage.log.map((line) => line.slice(0, 22))).toEqual([
    "b: BrokenExecutorError",
    "a: BrokenExecutorError",
  ]);
  expect(() => stage.job("c")).toThrow(BrokenExecutorError);
});

test("a thread that ends before it was ready breaks it where there is an initializer", () => {
  const stage = new Stage({ hasInitializer: true });
  void stage.job("a");
  stage.thread().isReady = false;
  stage.thread().exit(5);
  expect(stage.log[0]).toContain("BrokenExecutorError");
  expect(() => stage.job("b")).toThrow("exit code 5");
});

test("what a thread tells after its job has ended changes nothing", () => {
  const stage = new Stage();
  void stage.job("a");
  stage.thread().done(1);
  const error = encodeError("again");
  stage.thread().tell({ kind: "failed", id: 1, error, isCancelled: false, isStray: false });
  stage.thread().tell({ kind: "done", id: 1, value: 2 });
  stage.thread().tell({ kind: "call", id: 1, call: 0, name: "log", args: [], isBlocking: false });
  expect(stage.log).toEqual(["a: 1"]);
});

test("closed, it ends with its last job; or cancels what waits", () => {
  const stage = new Stage();
  void stage.job("a");
  void stage.job("b");
  const ends: string[] = [];
  stage.pool.ended.wait(() => ends.push("ended"));
  stage.pool.close(false);
  stage.thread().done(1);
  stage.thread().done(2);
  expect([stage.thread().isTerminated, ends]).toEqual([true, []]);
  stage.thread().exit();
  expect([stage.log, ends]).toEqual([["a: 1", "b: 2"], ["ended"]]);

  const other = new Stage({ limiter: new JobLimiter(0) });
  void other.job("a");
  void other.job("b");
  other.pool.close(true);
  expect(other.log.map((line) => line.slice(0, 20))).toEqual([
    "a: JobCancelledError",
    "b: JobCancelledError",
  ]);
  expect(other.pool.ended.outcome).toEqual(success());
});

test("closed, it does not wait for an initializer that nobody needs", () => {
  for (const order of ["cancel first", "close first"] as const) {
    const stage = new Stage({ hasInitializer: true });
    const job = stage.job("a");
    stage.thread().isReady = false;
    if (order === "cancel first") job.cancel();
    stage.pool.close(false);
    expect(stage.thread().isTerminated).toBe(order === "cancel first");
    job.cancel();
    expect(stage.thread().isTerminated).toBe(true);
    stage.thread().exit(1);
    expect(stage.pool.ended.outcome).toEqual(success());
  }
});
