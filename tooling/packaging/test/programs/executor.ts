// What @trestle/executor does, wherever there are threads; see features.ts.
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import {
  exposed,
  InlineExecutor,
  JobLimiter,
  moduleRef,
  registerErrorClass,
  runUntilComplete,
  ThreadExecutor,
  type Job,
} from "@trestle/executor";
import { runInThread, threads } from "@trestle/executor/loop";
import { runSync, toThread } from "@trestle/executor/structured";
import { run as runLoop, toThread as toThreadOfLoop } from "@trestle/loop";
import { moveOnAfter, run } from "@trestle/structured";
import { OwnError } from "./executor-work.js";
import { codeOf, errorFrom, errorOf, expect, showFeatures, text, until } from "./features.js";

const work = moduleRef(() => import("./executor-work.js"), import.meta);

const host = {
  double: (number: number) => 2 * number,
  later: async (given: string) => `${given} later`,
  fail: () => {
    throw new OwnError("in the parent");
  },
};

await showFeatures({
  async "`submit`, of plain and of asynchronous work"() {
    await using one = oneThread();
    expect([await one.submit(work.add, [1, 2]), await one.submit(work.addLater, [3, 4])], [3, 7]);
  },

  async "`map`, in the order of the calls"() {
    await using executor = new ThreadExecutor({ maxWorkers: 2 });
    const sums: number[] = [];
    const calls: [number, number][] = [
      [1, 1],
      [2, 2],
      [3, 3],
    ];
    for await (const sum of executor.map(work.addLater, calls)) sums.push(sum);
    expect(sums, [2, 4, 6]);
  },

  async "errors keep class, cause and members"() {
    await using one = oneThread();
    const error = (await errorOf(one.submit(work.fail, ["type"]))) as Error;
    const group = (await errorOf(one.submit(work.fail, ["group"]))) as AggregateError;
    const thrown = [error, error.cause, group, ...group.errors];
    expect(thrown.map(text), [
      "TypeError: no string",
      "RangeError: far",
      "AggregateError: both",
      "TypeError: one",
      "RangeError: two",
    ]);
    const classes = [TypeError, RangeError, AggregateError, TypeError, RangeError];
    expect(
      thrown.map((each, at) => each instanceof classes[at]!),
      classes.map(() => true),
    );
  },

  async "errors keep the codes of the system, and fields of their own"() {
    await using one = oneThread();
    const { code, syscall, path } = (await errorOf(
      one.submit(work.readNothing, []),
    )) as NodeJS.ErrnoException;
    expect([code, syscall, path], ["ENOENT", "open", "/no/such/file"]);
    const own = (await errorOf(one.submit(work.fail, ["own"]))) as OwnError;
    expect([own.name, own.code, own.detail], ["OwnError", "E_OWN", { at: 7 }]);
  },

  async "errors have a class of one's own, where it is registered"() {
    await using one = oneThread();
    registerErrorClass(OwnError);
    expect((await errorOf(one.submit(work.fail, ["own"]))) instanceof OwnError, true);
  },

  async "errors show both stacks"() {
    await using one = oneThread();
    const { stack = "" } = (await errorOf(one.submit(work.fail, ["type"]))) as Error;
    const lines = stack.split("\n").map((line) => line.trim());
    const border = lines.indexOf("--- worker boundary ---");
    expect(lines[0], "TypeError: no string");
    expect(
      lines.slice(1, border).map((line) => /executor-work\.[jt]s:\d+:\d+/u.test(line)),
      [true],
    );
    expect(/executor\.[jt]s:\d+:\d+/u.test(lines[border + 1] ?? ""), true);
  },

  async "work in TypeScript"() {
    await using one = oneThread();
    const typed = moduleRef<{ shout(given: string): string }>(
      new URL("./executor-typed.ts", import.meta.url),
    );
    expect(await one.submit(typed.shout, ["hello"]), "HELLO!");
  },

  async "a `DOMException` comes as one"() {
    await using one = oneThread();
    const error = (await errorOf(one.submit(work.fail, ["web"]))) as DOMException;
    expect([error instanceof DOMException, error.name, error.message], [true, "DataError", "stop"]);
  },

  async "what cannot be copied fails its job only"() {
    await using one = oneThread();
    const memory = words();
    await one.submit(work.count, [memory]);
    expect(codeOf(await errorOf(one.submit(work.giveFunction, []))), "TRESTLE_UNCLONEABLE");
    expect(codeOf(await errorOf(one.submit(work.echo, [() => {}]))), "TRESTLE_UNCLONEABLE");
    expect([await one.submit(work.count, [memory]), one.statistics().threads], [2, 1]);
  },

  async "a cancelled job in the queue never runs"() {
    await using one = oneThread();
    const [memory, counted] = [words(), words()];
    const blocker = one.submit(work.standStill, [memory]);
    const queued = one.submit(work.count, [counted]);
    queued.cancel("enough");
    const error = (await errorOf(queued)) as { readonly reason?: unknown };
    expect([codeOf(error), error.reason], ["TRESTLE_JOB_CANCELLED", "enough"]);
    release(memory);
    await blocker;
    expect(await one.submit(work.count, [counted]), 1);
  },

  async '`onCancel: "wait"`: the job finds out by `checkCancelled()`'() {
    await using one = oneThread();
    const memory = words();
    const job = one.submit(work.busyChecking, [memory]);
    await hasBegun(job, memory);
    job.cancel();
    expect(codeOf(await errorOf(job)), "TRESTLE_JOB_CANCELLED");
    expect(one.statistics().threads, 1);
  },

  async '`onCancel: "cooperative"`: `jobSignal()` fires'() {
    await using one = oneThread();
    const memory = words();
    const job = one.submit(work.sleepTold, [memory], { onCancel: "cooperative" });
    await hasBegun(job, memory);
    job.cancel();
    expect(codeOf(await errorOf(job)), "TRESTLE_JOB_CANCELLED");
    expect(one.statistics().threads, 1);
  },

  async '`onCancel: "abandon"`: the token stays out until the job ends'() {
    const limiter = new JobLimiter(1);
    await using executor = new ThreadExecutor({ limiter });
    const memory = words();
    const job = executor.submit(work.standStill, [memory], { onCancel: "abandon" });
    await hasBegun(job, memory);
    job.cancel();
    expect(codeOf(await errorOf(job)), "TRESTLE_JOB_CANCELLED");
    const next = executor.submit(work.add, [1, 2]);
    expect([limiter.borrowedTokens, next.state], [1, "queued"]);
    release(memory);
    expect([await next, limiter.borrowedTokens], [3, 0]);
  },

  async "`onCancel: { terminateAfterMs }` reaches a busy loop"() {
    await using one = oneThread();
    const memory = words();
    const job = one.submit(work.busy, [memory], { onCancel: { terminateAfterMs: 0 } });
    await hasBegun(job, memory);
    job.cancel("too slow");
    expect(codeOf(await errorOf(job)), "TRESTLE_JOB_CANCELLED");
    expect(await one.submit(work.add, [1, 2]), 3);
  },

  async "`onCancel: { terminateAfterMs }` reaches a thread that stands still"() {
    await using one = oneThread();
    const memory = words();
    const job = one.submit(work.standStill, [memory], { onCancel: { terminateAfterMs: 0 } });
    await hasBegun(job, memory);
    job.cancel("too slow");
    expect(codeOf(await errorOf(job)), "TRESTLE_JOB_CANCELLED");
    expect(await one.submit(work.add, [1, 2]), 3);
  },

  async "calls back: `fromThread.run`"() {
    await using one = oneThread();
    expect(await one.submit(work.callBackLater, ["later", "much"], { host }), "much later");
    expect(codeOf(await errorOf(one.submit(work.callBackLater, ["fail"], { host }))), "E_OWN");
  },

  async "calls back that block: `fromThread.runSync`"() {
    await using one = oneThread();
    expect(await one.submit(work.callBack, ["double", 21], { host }), 42);
    expect(await one.submit(work.callBack, ["later", "much"], { host }), "much later");
    expect(codeOf(await errorOf(one.submit(work.callBack, ["fail"], { host }))), "E_OWN");
  },

  async "calls back end when the job is cancelled, blocking or not"() {
    await using one = oneThread();
    for (const each of [work.callBack, work.callBackLater]) {
      let isCalled = false;
      const never = () => ((isCalled = true), new Promise(() => {}));
      const job = one.submit(each, ["never"], { host: { never }, onCancel: "cooperative" });
      await until(() => isCalled || job.state === "done");
      job.cancel();
      expect(codeOf(await errorOf(job)), "TRESTLE_JOB_CANCELLED");
    }
    expect(await one.submit(work.add, [1, 2]), 3);
  },

  async "`initializer`, and what fails with it"() {
    await using fine = new ThreadExecutor({
      initializer: { work: work.initialize, args: ["hello"] as never },
    });
    expect(await fine.submit(work.greet, []), "hello");
    await using broken = new ThreadExecutor({
      initializer: { work: work.initialize, args: ["fail"] as never },
    });
    expect(codeOf(await errorOf(broken.submit(work.greet, []))), "TRESTLE_BROKEN_EXECUTOR");
  },

  async "`process.exit(3)` ends the thread, and fails its job only"() {
    await using one = oneThread();
    const job = one.submit(work.exit, [3]);
    const queued = one.submit(work.add, [1, 2]);
    const error = (await errorOf(job)) as { readonly exitCode?: number };
    expect([codeOf(error), error.exitCode], ["TRESTLE_WORKER_EXIT", 3]);
    expect(await queued, 3);
  },

  async "`resourceLimits`: a job without memory fails alone"() {
    const resourceLimits = { maxOldGenerationSizeMb: 48 };
    await using one = new ThreadExecutor({ maxWorkers: 1, resourceLimits });
    const memory = words();
    const job = one.submit(work.exhaust, [memory], { onCancel: { terminateAfterMs: 0 } });
    const queued = one.submit(work.add, [1, 2]);
    const outcome = job.then(
      (count) => `${count} arrays`,
      (error: unknown) => error as { readonly reason?: unknown },
    );
    // Whoever stands still for so long does not get on any more.
    for (let before = -1, idle = 0; job.state !== "done" && idle < 100; idle++) {
      if (memory[0] !== before) idle = 0;
      before = memory[0] ?? 0;
      await sleep(100);
    }
    const isStuck = job.cancel();
    const ending = await outcome;
    expect(await queued, 3);
    if (isStuck) return "no: the thread stands still, until it is terminated";
    if (ending === "2000 arrays") return "no: nothing limits it";
    expect(
      [codeOf(ending), (ending as { readonly reason?: unknown }).reason],
      ["TRESTLE_WORKER_EXIT", "ERR_WORKER_OUT_OF_MEMORY"],
    );
    return "yes";
  },

  async "an error that nobody catches fails the job that it comes from"() {
    await using one = oneThread();
    const job = one.submit(work.uncaught, []);
    const queued = one.submit(work.add, [1, 2]);
    expect(text(await errorOf(job)), "TypeError: uncaught");
    expect(await queued, 3);
  },

  async "so does a rejection that nobody handles"() {
    const memory = words();
    const late: string[] = [];
    await using one = new ThreadExecutor({
      maxWorkers: 1,
      onLateError: (error) => {
        late.push(text(error));
        Atomics.store(memory, 0, 1);
      },
    });
    const job = one.submit(work.unhandled, [memory]);
    const queued = one.submit(work.add, [1, 2]);
    const outcome = await job.then(String, text);
    expect(await queued, 3);
    if (outcome === "went on" && late.join() === "TypeError: unhandled") {
      return "no: `onLateError` hears of it";
    }
    expect([outcome, late], ["TypeError: unhandled", []]);
    return "yes";
  },

  async "`onLateError` hears whose error came after the job's end"() {
    const heard: unknown[] = [];
    await using one = new ThreadExecutor({
      maxWorkers: 1,
      onLateError: (error, job) => heard.push(text(error), job?.name),
    });
    const memory = words();
    expect(await one.submit(work.failLater, [memory]), "returned");
    release(memory);
    await until(() => heard.length > 0);
    expect(heard, ["TypeError: late", "failLater"]);
    expect(await one.submit(work.add, [1, 2]), 3);
  },

  async "buffers are moved where they are listed, both ways"() {
    await using one = oneThread();
    const bytes = new Uint8Array(1 << 20);
    expect(await one.submit(work.lengthOf, [bytes], { transfer: [bytes.buffer] }), 1 << 20);
    expect(bytes.byteLength, 0);
    const moved = await one.submit(work.moved, [1 << 20]);
    expect([moved.byteLength, moved[7]], [1 << 20, 7]);
  },

  async "a `JobLimiter` is shared by executors"() {
    const limiter = new JobLimiter(1);
    await using first = new ThreadExecutor({ limiter });
    await using second = new ThreadExecutor({ limiter });
    const memory = words();
    const blocker = first.submit(work.standStill, [memory]);
    const queued = second.submit(work.add, [1, 2]);
    await hasBegun(blocker, memory);
    expect(queued.state, "queued");
    limiter.totalTokens = 2;
    expect(await queued, 3);
    release(memory);
    expect(await blocker, "went on");
  },

  async "`expose`: threads of a file of one's own"() {
    await using executor = new ThreadExecutor({
      worker: (options) => new Worker(new URL("./executor-exposing.js", import.meta.url), options),
    });
    const { double } = exposed<{ double(number: number): number }>();
    expect(await executor.submit(double, [21]), 42);
  },

  async "an `InlineExecutor`"() {
    await using executor = new InlineExecutor();
    expect(await executor.submit(work.add, [1, 2]), 3);
    expect(await executor.submit((given: string) => given.length, ["four"]), 4);
  },

  async "`runUntilComplete`: results and errors"() {
    expect(runUntilComplete(work.addLater, [1, 2]), 3);
    expect(text(errorFrom(() => runUntilComplete(work.fail, ["type"]))), "TypeError: no string");
  },

  async "`runUntilComplete`: calls back"() {
    expect(runUntilComplete(work.callBack, ["double", 21], { host }), 42);
    expect(
      codeOf(errorFrom(() => runUntilComplete(work.callBack, ["later", ""], { host }))),
      "TRESTLE_HOST_FUNCTION",
    );
  },

  async "`runUntilComplete`: its timeout"() {
    const error = errorFrom(() => runUntilComplete(work.busy, [words()], { timeoutMs: 50 }));
    expect(codeOf(error), "TRESTLE_BLOCKING_TIMEOUT");
    expect(runUntilComplete(work.add, [1, 2]), 3);
  },

  async "`runUntilComplete`: the end of its thread"() {
    const error = errorFrom(() => runUntilComplete(work.exit, [3], { timeoutMs: 10_000 })) as {
      readonly exitCode?: number;
    };
    expect([codeOf(error), error.exitCode], ["TRESTLE_WORKER_EXIT", 3]);
    expect(
      text(errorFrom(() => runUntilComplete(work.uncaught, [], { timeoutMs: 10_000 }))),
      "TypeError: uncaught",
    );
  },

  async "in structured code: `toThread`, `runSync`, a cancelled scope"() {
    const seen = await run(function* () {
      const sum = yield* toThread(work.add, 1, 2);
      const { cancelledCaught } = yield* moveOnAfter(50, () =>
        runSync(work.busy, [words()], { onCancel: { terminateAfterMs: 0 } }),
      );
      const back = yield* runSync(work.callBack, ["double", 21], { host });
      return [sum, cancelledCaught, back];
    });
    expect(seen, [3, true, 42]);
  },

  async "in a loop: `threads`, `toThread`, `runInThread`"() {
    const seen = await runLoop(
      async () => [
        await toThreadOfLoop(work.add, 1, 2),
        await runInThread(work.callBack, ["double", 21], { host }),
      ],
      { executor: threads({ maxWorkers: 1 }) },
    );
    expect(seen, [3, 42]);
  },

  async "idle threads end after their time"() {
    await using executor = new ThreadExecutor({ idleTimeoutMs: 1 });
    await executor.submit(work.add, [1, 2]);
    await until(() => executor.statistics().threads === 0);
    expect(await executor.submit(work.add, [1, 2]), 3);
  },
});

function oneThread(): ThreadExecutor {
  return new ThreadExecutor({ maxWorkers: 1 });
}

/** Memory that is shared with a job. */
function words(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
}

function release(memory: Int32Array): void {
  Atomics.store(memory, 0, 1);
  Atomics.notify(memory, 0);
}

/** Resolves when a job says that it has begun, or has failed. */
async function hasBegun(job: Job<unknown>, memory: Int32Array): Promise<void> {
  await until(() => Atomics.load(memory, 1) === 1 || job.state === "done");
}
