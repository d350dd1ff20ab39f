// What pools of threads get wrong, row by row: each of these was seen to hang, to lose an error or to blame another job in a
// library of this kind.
import { afterAll, describe, expect, test } from "vitest";
import { ExecutorClosedError } from "../../src/executor-closed-error.js";
import { registerErrorClass } from "../../src/error-classes.js";
import { JobCancelledError } from "../../src/job-cancelled-error.js";
import { JobLimiter } from "../../src/job-limiter.js";
import { moduleRef } from "../../src/module-ref.js";
import { ThreadExecutor } from "../../src/thread-executor.js";
import { UncloneableError } from "../../src/uncloneable-error.js";
import { WorkReferenceError } from "../../src/work-reference-error.js";
import { WorkerExitError } from "../../src/worker-exit-error.js";
import { work } from "../built-work.js";
import { errorOf, sharedWords, until } from "../until.js";
import { OwnError } from "../work.js";

const late: unknown[] = [];
const one = new ThreadExecutor({
  maxWorkers: 1,
  resourceLimits: { maxOldGenerationSizeMb: 48 },
  onLateError: (error, job) => late.push([(error as Error).message, job]),
});
afterAll(() => one.shutdown());

describe("errors", () => {
  test("of a built-in class keep it, with their cause", async () => {
    const error = (await errorOf(one.submit(work.fail, ["type"]))) as TypeError;
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe("no string");
    expect(error.cause).toBeInstanceOf(RangeError);
  });

  test("of a class of one's own keep its name, code and fields, and the class where it is registered", async () => {
    const unknown = (await errorOf(one.submit(work.fail, ["own"]))) as OwnError;
    expect(unknown).not.toBeInstanceOf(OwnError);
    expect([unknown.name, unknown.code, unknown.detail]).toEqual(["OwnError", "E_OWN", { at: 7 }]);
    registerErrorClass(OwnError);
    expect(await errorOf(one.submit(work.fail, ["own"]))).toBeInstanceOf(OwnError);
  });

  test("of the system keep their code", async () => {
    expect(await errorOf(one.submit(work.missingFile, []))).toMatchObject({
      code: "ENOENT",
      syscall: "open",
      path: "/no/such/file",
    });
  });

  test("in groups keep theirs", async () => {
    const group = (await errorOf(one.submit(work.fail, ["group"]))) as AggregateError;
    expect(group).toBeInstanceOf(AggregateError);
    expect(group.errors[0]).toBeInstanceOf(TypeError);
    expect(group.errors[1]).toBeInstanceOf(RangeError);
  });

  test("of the web keep their name", async () => {
    const error = await errorOf(one.submit(work.fail, ["dom"]));
    expect(error).toBeInstanceOf(DOMException);
    expect(error).toMatchObject({ name: "DataError", message: "stop" });
  });

  test("show the stack of the job, then that of its submission, and nothing in between", async () => {
    const { stack } = (await errorOf(one.submit(work.fail, ["type"]))) as Error;
    const lines = (stack ?? "").split("\n").map((line) => line.trim());
    expect(lines[0]).toBe("TypeError: no string");
    expect(lines[1]).toMatch(/^at fail \(.*work\.mjs:\d+:\d+\)$/u);
    expect(lines[2]).toBe("--- worker boundary ---");
    expect(lines[3]).toMatch(/matrix\.test\.ts:\d+:\d+/u);
  });

  test("that are none come as they are", async () => {
    expect(await errorOf(one.submit(work.fail, ["undefined"]))).toBeUndefined();
    expect(await errorOf(one.submit(work.fail, ["a symbol"]))).toMatchObject({
      message: "Symbol(a symbol)",
    });
  });

  test("leave out what cannot be copied", async () => {
    const error = await errorOf(one.submit(work.uncloneableError, []));
    expect(error).toMatchObject({ message: "odd", fine: 1 });
    expect(error).not.toHaveProperty("fn");
  });
});

describe("what cannot be copied", () => {
  test("as a result fails its job, and the thread goes on", async () => {
    const memory = sharedWords();
    await one.submit(work.count, [memory]);
    const error = await errorOf(one.submit(work.uncloneable, []));
    expect(error).toBeInstanceOf(UncloneableError);
    expect((error as Error).message).toContain("Cannot send the result of 'uncloneable'");
    expect(one.statistics().threads).toBe(1);
    expect(await one.submit(work.count, [memory])).toBe(2);
  });

  test("as an argument fails its job, and the thread goes on", async () => {
    const error = await errorOf(one.submit(work.echo, [() => {}]));
    expect(error).toBeInstanceOf(UncloneableError);
    expect(await one.submit(work.add, [1, 2])).toBe(3);
  });
});

describe("a cancellation", () => {
  test("of a queued job: it never runs", async () => {
    const memory = sharedWords();
    const blocker = one.submit(work.standStill, [memory]);
    const counted = sharedWords();
    const queued = one.submit(work.count, [counted]);
    expect(queued.cancel("enough")).toBe(true);
    const error = await errorOf(queued);
    expect(error).toBeInstanceOf(JobCancelledError);
    expect((error as JobCancelledError).reason).toBe("enough");
    Atomics.store(memory, 0, 1);
    Atomics.notify(memory, 0);
    expect(await blocker).toBe("went on");
    expect(await one.submit(work.count, [counted])).toBe(1);
  });

  test("of one that was sent and has not begun: it never runs", async () => {
    const counted = sharedWords();
    await one.submit(work.add, [1, 2]);
    // Nothing of the thread can have come back before this turn is over; whoever swaps the word first has the job.
    for (let round = 0; round < 50; round++) {
      const job = one.submit(work.count, [counted]);
      job.cancel();
      const ran = await job.then(
        () => 1,
        () => 0,
      );
      expect(Atomics.exchange(counted, 0, 0)).toBe(ran);
    }
  });

  test("of busy code terminates the thread, and the next job has another", async () => {
    const memory = sharedWords();
    const job = one.submit(work.busyForEver, [memory], { onCancel: { terminateAfterMs: 0 } });
    await until(() => Atomics.load(memory, 1) === 1);
    job.cancel("too slow");
    expect(await errorOf(job)).toMatchObject({ code: "TRESTLE_JOB_CANCELLED", reason: "too slow" });
    expect(await one.submit(work.add, [1, 2])).toBe(3);
  });

  test("comes by a signal as well, also by one that has fired before", async () => {
    const controller = new AbortController();
    const memory = sharedWords();
    const job = one.submit(work.busyChecking, [memory], { signal: controller.signal });
    await until(() => Atomics.load(memory, 1) === 1);
    controller.abort("enough");
    expect(await errorOf(job)).toMatchObject({ reason: "enough" });
    const { signal } = controller;
    expect(await errorOf(one.submit(work.add, [1, 2], { signal }))).toMatchObject({
      reason: "enough",
    });
  });

  test("of code that looks for it ends it by itself", async () => {
    const memory = sharedWords();
    const job = one.submit(work.busyChecking, [memory]);
    await until(() => Atomics.load(memory, 1) === 1);
    job.cancel();
    expect(await errorOf(job)).toBeInstanceOf(JobCancelledError);
    expect(one.statistics().threads).toBe(1);
  });

  test("of asynchronous code fires its signal", async () => {
    const memory = sharedWords();
    const job = one.submit(work.sleepTold, [memory], { onCancel: "cooperative" });
    await until(() => Atomics.load(memory, 1) === 1);
    job.cancel();
    expect(await errorOf(job)).toBeInstanceOf(JobCancelledError);
  });

  test("of an abandoned job ends the wait, and its token stays out until the thread is done", async () => {
    const limiter = new JobLimiter(1);
    await using executor = new ThreadExecutor({ limiter });
    const memory = sharedWords();
    const job = executor.submit(work.standStill, [memory], { onCancel: "abandon" });
    await until(() => Atomics.load(memory, 1) === 1);
    job.cancel();
    expect(await errorOf(job)).toBeInstanceOf(JobCancelledError);
    expect([limiter.borrowedTokens, executor.statistics().running]).toEqual([1, 1]);
    const next = executor.submit(work.add, [1, 2]);
    expect(next.state).toBe("queued");
    Atomics.store(memory, 0, 1);
    Atomics.notify(memory, 0);
    expect(await next).toBe(3);
    expect(limiter.borrowedTokens).toBe(0);
  });

  test("of an abandoned job is found out by it all the same (T191)", async () => {
    const memory = sharedWords();
    await using executor = new ThreadExecutor();
    const job = executor.submit(work.busyChecking, [memory], { onCancel: "abandon" });
    await until(() => Atomics.load(memory, 1) === 1);
    job.cancel();
    // It would be busy for ever; the end of the executor waits for it.
    expect(await errorOf(job)).toBeInstanceOf(JobCancelledError);
  });

  test("of a job that is waited for lets it end, and its value counts", async () => {
    const memory = sharedWords();
    const job = one.submit(work.standStill, [memory]);
    await until(() => Atomics.load(memory, 1) === 1);
    expect(job.cancel()).toBe(true);
    Atomics.store(memory, 0, 1);
    Atomics.notify(memory, 0);
    expect(await job).toBe("went on");
    expect(job.cancel()).toBe(false);
  });
});

describe("a thread that ends", () => {
  test("by process.exit fails its job with the exit code, and queued jobs go on", async () => {
    const job = one.submit(work.exit, [3]);
    const queued = one.submit(work.add, [1, 2]);
    const error = (await errorOf(job)) as WorkerExitError;
    expect(error).toBeInstanceOf(WorkerExitError);
    expect(error.exitCode).toBe(3);
    expect(await queued).toBe(3);
  });

  test("right after its job has returned: what that returned counts", async () => {
    expect(await one.submit(work.returnAndExit, [])).toBe("returned");
    expect(await one.submit(work.add, [1, 2])).toBe(3);
  });

  test("for want of memory fails its job with the reason, and queued jobs go on", async () => {
    const job = one.submit(work.exhaust, []);
    const queued = one.submit(work.add, [1, 2]);
    expect(await errorOf(job)).toMatchObject({
      code: "TRESTLE_WORKER_EXIT",
      reason: "ERR_WORKER_OUT_OF_MEMORY",
    });
    expect(await queued).toBe(3);
  });

  test("by an error that nobody catches, while its job runs: that is the job's", async () => {
    for (const each of [work.uncaught, work.unhandled]) {
      const job = one.submit(each, []);
      const queued = one.submit(work.add, [1, 2]);
      expect(await errorOf(job)).toBeInstanceOf(TypeError);
      expect(await queued).toBe(3);
    }
    expect(late).toEqual([]);
  });
});

test("an error after the end of its job is told of that job, and the next one has no part in it", async () => {
  const memory = sharedWords();
  const job = one.submit(work.failLater, [memory]);
  expect(await job).toBe("returned");
  const next = one.submit(work.sleep, [20]);
  Atomics.store(memory, 0, 1);
  expect(await next).toBe("slept");
  await until(() => late.length > 0);
  expect(late.splice(0)).toEqual([["late", { id: job.id, name: "failLater" }]]);
  expect(await one.submit(work.add, [1, 2])).toBe(3);
});

describe("the end", () => {
  test("waits for running and queued jobs, and for all threads (T194, THR-20)", async () => {
    const executor = new ThreadExecutor({ maxWorkers: 1 });
    const jobs = [executor.submit(work.sleep, [10]), executor.submit(work.add, [1, 2])];
    await executor.shutdown();
    expect(jobs.map(({ state }) => state)).toEqual(["done", "done"]);
    expect(executor.statistics().threads).toBe(0);
  });

  test("cancels what is queued, where that is asked for", async () => {
    const executor = new ThreadExecutor({ maxWorkers: 1 });
    const running = executor.submit(work.sleep, [10]);
    const queued = executor.submit(work.add, [1, 2]);
    const ended = executor.shutdown({ cancelFutures: true });
    expect(await errorOf(queued)).toBeInstanceOf(JobCancelledError);
    expect(await running).toBe("slept");
    await ended;
  });

  test("takes no more jobs", () => {
    const executor = new ThreadExecutor();
    void executor.shutdown({ wait: false });
    expect(() => executor.submit(work.add, [1, 2])).toThrow(ExecutorClosedError);
  });

  test("comes for idle threads by itself", async () => {
    await using executor = new ThreadExecutor({ idleTimeoutMs: 1 });
    await executor.submit(work.add, [1, 2]);
    await until(() => executor.statistics().threads === 0);
    expect(await executor.submit(work.add, [1, 2])).toBe(3);
  });
});

describe("calls back", () => {
  const host = {
    double: (number: number) => 2 * number,
    later: async (text: string) => `${text} later`,
    fail: () => {
      throw new OwnError("in the parent");
    },
    odd: () => () => {},
  };

  test("give what the parent's function returns, blocking or not", async () => {
    expect(await one.submit(work.callBack, ["double", 21], { host })).toBe(42);
    expect(await one.submit(work.callBack, ["later", "sooner or"], { host })).toBe(
      "sooner or later",
    );
    expect(await one.submit(work.callBackLater, ["later", "much"], { host })).toBe("much later");
    expect(await one.submit(work.both, [], { host })).toEqual([4, 2]);
  });

  test("fail with what it throws, with its code", async () => {
    for (const each of [work.callBack, work.callBackLater]) {
      expect(await errorOf(one.submit(each, ["fail"], { host }))).toMatchObject({
        code: "E_OWN",
        message: "in the parent",
      });
    }
  });

  test("fail where there is no such function, or the result cannot be copied", async () => {
    expect(await errorOf(one.submit(work.callBack, ["no"], { host }))).toMatchObject({
      code: "TRESTLE_HOST_FUNCTION",
    });
    expect(await errorOf(one.submit(work.callBack, ["toString"]))).toMatchObject({
      code: "TRESTLE_HOST_FUNCTION",
    });
    expect(await errorOf(one.submit(work.callBack, ["odd"], { host }))).toBeInstanceOf(
      UncloneableError,
    );
  });

  test("end when the job is cancelled and told", async () => {
    let called = 0;
    const never = { wait: () => new Promise(() => void called++) };
    for (const each of [work.callBack, work.callBackLater]) {
      const job = one.submit(each, ["wait"], { host: never, onCancel: "cooperative" });
      const calls = called;
      await until(() => called > calls);
      job.cancel();
      expect(await errorOf(job)).toBeInstanceOf(JobCancelledError);
    }
    expect(await one.submit(work.add, [1, 2])).toBe(3);
  });
});

describe("a limiter", () => {
  test("of one token is enough for one job", async () => {
    const limiter = new JobLimiter(1);
    await using executor = new ThreadExecutor({ limiter });
    expect(await executor.submit(work.add, [1, 2])).toBe(3);
  });

  test("is shared between executors, and can be raised while they wait", async () => {
    const limiter = new JobLimiter(1);
    await using first = new ThreadExecutor({ limiter });
    await using second = new ThreadExecutor({ limiter });
    const memory = sharedWords();
    const blocker = first.submit(work.standStill, [memory]);
    const queued = second.submit(work.add, [1, 2]);
    await until(() => Atomics.load(memory, 1) === 1);
    expect(queued.state).toBe("queued");
    limiter.totalTokens = 2;
    expect(await queued).toBe(3);
    Atomics.store(memory, 0, 1);
    Atomics.notify(memory, 0);
    await blocker;
  });
});

test("timers that a finished job has left fire in an idle thread", async () => {
  const memory = sharedWords();
  await one.submit(work.setLater, [memory]);
  await until(() => Atomics.load(memory, 0) === 1);
});

test("buffers are moved where they are listed, both ways, and shared memory is shared", async () => {
  const bytes = new Uint8Array(1 << 20);
  expect(await one.submit(work.byteLength, [bytes], { transfer: [bytes.buffer] })).toBe(1 << 20);
  expect(bytes.byteLength).toBe(0);
  const moved = await one.submit(work.moved, [1 << 20]);
  expect([moved.length, moved[7]]).toEqual([1 << 20, 7]);
});

test("a reference to nothing fails its job, and names what there is", async () => {
  const wrong = moduleRef<Record<string, () => void>>(
    new URL("no-such-module.js", import.meta.url),
  );
  expect(await errorOf(one.submit(wrong["run"] as never, []))).toBeInstanceOf(WorkReferenceError);
  const names = work as unknown as Record<string, typeof work.greet>;
  const error = await errorOf(one.submit(names["nothing"] as typeof work.greet, []));
  expect(error).toBeInstanceOf(WorkReferenceError);
  expect((error as Error).message).toContain("Cannot run 'nothing'");
  const constant = names["version"] as typeof work.greet;
  expect(((await errorOf(one.submit(constant, []))) as Error).message).toContain("no function");
});
