import { getRunningLoop, run as runLoop, sleep as loopSleep } from "@trestle/loop";
import { sleep, sleepForever, type Operation } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { NoHostedLoopError, runAsync, runInLoop, runStructuredTask } from "../src/index.js";
import { groupedErrorsOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

function* fail(error: Error): Operation<void> {
  yield* sleep(5);
  throw error;
}

describe.each(["of the module", "of the loop"])("runStructuredTask %s", (whose) => {
  const isOfLoop = whose === "of the loop";

  test("runs in the background until the block ends (trio-asyncio 2.13)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const start = isOfLoop ? loop.runStructuredTask.bind(loop) : runStructuredTask;
      start(function* () {
        yield* sleep(5);
        log("ended by itself");
      });
      start(function* () {
        try {
          yield* sleepForever();
        } finally {
          log("cancelled with the block");
        }
      });
      yield* sleep(10);
    });
    expect(trace.entries).toEqual([
      [5, "ended by itself"],
      [10, "cancelled with the block"],
    ]);
  });

  test("an error ends the block with it (test_run_trio_task_errors)", async () => {
    const { run, host } = virtualBridge();
    const error = new Error("of the task");
    const errors = await groupedErrorsOf(
      run(function* (loop) {
        if (isOfLoop) loop.runStructuredTask(fail, error);
        else runStructuredTask(fail, error);
        yield* sleepForever();
      }),
    );
    expect(errors).toEqual([error]);
    expect(host.now()).toBe(5);
  });
});

test("an error goes to the exception handler that was set, which decides (test_run_trio_task_errors)", async () => {
  const { run, log, trace } = virtualBridge();
  const error = new Error("of the task");
  await run(function* (loop) {
    loop.setExceptionHandler((_loop, context) => {
      expect(context.exception).toBe(error);
      log(context.message);
    });
    loop.runStructuredTask(fail, error);
    yield* sleep(10);
    log("the block goes on");
  });
  expect(trace.entries).toEqual([
    [5, "Background task failed: structured function 'fail'"],
    [10, "the block goes on"],
  ]);
});

test("an error of the unwinding at the end of the block comes out of it (trio-asyncio 2.1)", async () => {
  const { run } = virtualBridge();
  const error = new Error("of the cleanup");
  const errors = await groupedErrorsOf(
    run(function* (loop) {
      loop.runStructuredTask(function* () {
        try {
          yield* sleepForever();
        } finally {
          // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is what is shown
          throw error;
        }
      });
      yield* sleep(1);
    }),
  );
  expect(errors).toEqual([error]);
});

describe("the handle", () => {
  test("cancels the task silently; before it has begun it never runs (test_run_trio_task_errors)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const never = loop.runStructuredTask(function* () {
        log("begun");
      });
      never.cancel();
      const handle = loop.runStructuredTask(function* () {
        try {
          yield* sleepForever();
        } finally {
          log("unwound");
        }
      });
      expect(handle.cancelled()).toBe(false);
      yield* sleep(5);
      handle.cancel();
      expect([never.cancelled(), handle.cancelled()]).toEqual([true, true]);
      yield* sleep(5);
      handle.cancel();
      expect(handle.cancelled()).toBe(true);
    });
    expect(trace.entries).toEqual([[5, "unwound"]]);
  });

  test("of a task that has ended cancels nothing", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      const handle = loop.runStructuredTask(sleep, 1);
      yield* sleep(5);
      handle.cancel();
      expect(handle.cancelled()).toBe(false);
    });
  });
});

test("without a loop it says so (test_run_task)", () => {
  expect(() => runStructuredTask(sleep, 1)).toThrow(NoHostedLoopError);
  expect(() => runStructuredTask(sleep, 1)).toThrow(/^Cannot run 'sleep': no loop is open here\./);
});

test("what was started right before the end of the block runs once (test_run_task)", async () => {
  const { run, log, trace } = virtualBridge();
  await run(function* (loop) {
    loop.runStructuredTask(function* () {
      log("once");
    });
  });
  expect(trace.messages).toEqual(["once"]);
});

test("in loop code beside a guest run it is a run of its own", async () => {
  const host = new VirtualHost();
  const error = new Error("of the task");
  const told: unknown[] = [];
  await runLoop(
    async () => {
      getRunningLoop().setExceptionHandler((_loop, { exception }) => told.push(exception));
      await runInLoop(() =>
        runAsync(async () => {
          runStructuredTask(fail, error);
          await loopSleep(10);
        }),
      );
    },
    { host },
  );
  expect(told).toEqual([error]);
  expect(host.now()).toBe(10);
});
