import { Worker, type WorkerOptions } from "node:worker_threads";
import { success } from "@trestle/host";
import { expect, test } from "vitest";
import type { FromThread } from "../src/protocol.js";
import type { PoolThread } from "../src/pool-thread.js";
import { ThreadJob } from "../src/thread-job.js";
import { workerText } from "../src/worker-text.js";
import { WorkerThread } from "../src/worker-thread.js";
import { work } from "./built-work.js";
import { sharedWords, until } from "./until.js";

class Stage {
  readonly heard: FromThread[] = [];
  readonly ends: unknown[] = [];
  readonly thread: WorkerThread;

  constructor(openWorker?: (options: WorkerOptions) => Worker) {
    this.thread = new WorkerThread(
      { initializer: undefined, workerOptions: {}, openWorker },
      {
        took: (_: PoolThread, message: FromThread) => void this.heard.push(message),
        exited: (_: PoolThread, exitCode: number, error: unknown) =>
          void this.ends.push([exitCode, error, this.heard.length]),
      },
    );
  }

  job(reference: { module: string; name: string }, args: unknown[]): ThreadJob {
    const canceller = { cancelJob: () => "committed" as const };
    const origin = { canceller, number: 1, site: undefined, inContext: undefined };
    return new ThreadJob(reference, args, {}, origin);
  }

  async end(): Promise<void> {
    this.thread.terminate();
    await until(() => this.ends.length > 0);
  }
}

/** Tells of its end within the call. */
class HastyWorker extends Worker {
  override terminate(): Promise<number> {
    const ended = super.terminate();
    this.emit("exit", 1);
    this.removeAllListeners("exit");
    return ended;
  }
}

test("tells that it is ready, and what its job returns", async () => {
  const stage = new Stage();
  const job = stage.job(work.add, [1, 2]);
  stage.thread.run(job);
  expect([stage.thread.job, job.state]).toEqual([job, "running"]);
  await until(() => stage.heard.length === 2);
  expect(stage.heard).toEqual([{ kind: "ready" }, { kind: "done", id: 1, value: 3 }]);
  expect(stage.thread.hasBegun).toBe(true);
  stage.thread.leaveJob();
  expect([stage.thread.job, job.state]).toEqual([undefined, "queued"]);
  await stage.end();
});

test("a job that was taken back in time is skipped", async () => {
  const stage = new Stage();
  stage.thread.run(stage.job(work.add, [1, 2]));
  // The thread has only just been started.
  expect(stage.thread.takeBack()).toBe(true);
  expect(stage.thread.takeBack()).toBe(false);
  await until(() => stage.heard.length === 2);
  expect(stage.heard[1]).toEqual({ kind: "skipped", id: 1 });
  await stage.end();
});

test("what it has told before its end is heard before that", async () => {
  const stage = new Stage();
  stage.thread.run(stage.job(work.returnAndExit, []));
  await until(() => stage.ends.length > 0);
  expect(stage.heard.at(-1)).toEqual({ kind: "done", id: 1, value: "returned" });
  expect(stage.ends).toEqual([[3, undefined, 2]]);
});

test("answers, tells and marks reach the job, and nobody once that has ended", async () => {
  const stage = new Stage();
  const job = stage.job(work.callBack, ["ask"]);
  stage.thread.run(job);
  await until(() => stage.heard.length === 2);
  const call = stage.heard[1] as Extract<FromThread, { kind: "call" }>;
  expect(call).toEqual({ kind: "call", id: 1, call: 0, name: "ask", args: [], isBlocking: true });
  stage.thread.answer(stage.job(work.add, []), call.call, success("of another"));
  stage.thread.answer(job, call.call, success("answer"));
  await until(() => stage.heard.length === 3);
  expect(stage.heard[2]).toEqual({ kind: "done", id: 1, value: "answer" });
  stage.thread.leaveJob();

  stage.thread.run(job);
  await until(() => stage.heard.length === 4);
  stage.thread.markCancelled();
  stage.thread.tellCancelled(1, () => "a reason that cannot be copied");
  await until(() => stage.heard.length === 5);
  expect(stage.heard[4]).toMatchObject({ kind: "failed", isCancelled: true });
  await stage.end();
});

test("is terminated once, whatever it does", async () => {
  const stage = new Stage();
  const memory = sharedWords();
  stage.thread.run(stage.job(work.standStill, [memory]));
  await until(() => Atomics.load(memory, 1) === 1);
  stage.thread.terminate();
  stage.thread.terminate();
  await until(() => stage.ends.length > 0);
  expect([stage.thread.isTerminated, stage.thread.isRetiring, stage.ends.length]).toEqual([
    true,
    true,
    1,
  ]);
});

test("its end is told after the call that ends it, also where the platform is faster, as Deno is", async () => {
  const stage = new Stage((options) => new HastyWorker(workerText, { ...options, eval: true }));
  stage.thread.run(stage.job(work.busyForEver, []));
  stage.thread.terminate();
  expect(stage.ends).toEqual([]);
  await until(() => stage.ends.length > 0);
  expect(stage.ends).toEqual([[1, undefined, 0]]);
});

test("a platform that makes no thread says so", () => {
  const events = { took: () => {}, exited: () => {} };
  const openWorker = (): never => {
    throw new Error("too many threads");
  };
  const options = { initializer: undefined, workerOptions: {}, openWorker };
  expect(() => new WorkerThread(options, events)).toThrow("too many threads");
});

test("a reason that can neither be copied nor be made a text is told by its kind", async () => {
  const stage = new Stage();
  stage.thread.run(stage.job(work.sleepTold, [sharedWords()]));
  await until(() => stage.thread.hasBegun);
  stage.thread.markCancelled();
  const reason = {
    f: () => {},
    toString: () => {
      throw new Error("a trap");
    },
  };
  stage.thread.tellCancelled(1, reason);
  await until(() => stage.heard.length === 2);
  expect(stage.heard[1]).toMatchObject({ kind: "failed", isCancelled: true });
  await stage.end();
});
