import { WrongFlavorError } from "@trestle/host";
import { CancelledError, currentTask, getRunningLoop, sleep as loopSleep } from "@trestle/loop";
import { CancelScope, isCancelled, moveOnAfter, run as runAlone } from "@trestle/structured";
import { expect, test } from "vitest";
import { NoHostedLoopError, openLoop, runAsync } from "../src/index.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

test("runs the function in the current loop, as a task, with its arguments (trio-asyncio 2.5)", async () => {
  const { run, host } = virtualBridge();
  const add = async (a: number, b: number): Promise<number> => {
    expect(currentTask()?.name).toBe("add");
    await loopSleep(10);
    return a + b;
  };
  await run(function* (outer) {
    expect(yield* runAsync(add, 1, 2)).toBe(3);
    yield* openLoop(function* (inner) {
      expect(yield* runAsync(async () => getRunningLoop())).toBe(inner);
    });
    expect(yield* runAsync(async () => getRunningLoop())).toBe(outer);
  });
  expect(host.now()).toBe(10);
});

test("throws what the function throws, the very object", async () => {
  const { run } = virtualBridge();
  const error = new Error("of the function");
  const fail = async (): Promise<never> => Promise.reject(error);
  expect(await rejectionOf(run(() => runAsync(fail)))).toBe(error);
});

test("cancels the task once, and waits for it; a value wins (trio-asyncio 2.4)", async () => {
  const { run, log, trace } = virtualBridge();
  const stubborn = async (): Promise<string> => {
    try {
      await loopSleep(100);
    } catch (error) {
      log((error as Error).name);
    }
    await loopSleep(10);
    return "done all the same";
  };
  await run(function* () {
    const { value } = yield* moveOnAfter(5, () => runAsync(stubborn));
    log(String(value));
  });
  expect(trace.entries).toEqual([
    [5, "CancelledError"],
    [15, "done all the same"],
  ]);
});

test("in a scope that is cancelled already the function never starts (trio-asyncio 2.5)", async () => {
  const { run, log, trace } = virtualBridge();
  await run(function* () {
    const scope = new CancelScope();
    scope.cancel();
    yield* scope.run(function* () {
      try {
        yield* runAsync(async () => log("begun"));
      } catch (error) {
        log(String(isCancelled(error)));
        throw error;
      }
    });
    log(String(scope.cancelledCaught));
  });
  expect(trace.messages).toEqual(["true", "true"]);
});

test("passes on a CancelledError that no scope has caused (test_trio_asyncio_cancel_out)", async () => {
  const { run } = virtualBridge();
  const scope = new CancelScope();
  const error = await rejectionOf(
    run(() => scope.run(() => runAsync(async () => Promise.reject(new CancelledError("mine"))))),
  );
  expect(error).toBeInstanceOf(CancelledError);
  expect(scope.cancelCalled).toBe(false);
});

test("says so where no loop is open (trio-asyncio 7, defect 10)", async () => {
  const load = async (): Promise<void> => {};
  const error = await rejectionOf(runAlone(() => runAsync(load)));
  expect(error).toBeInstanceOf(NoHostedLoopError);
  expect((error as Error).message).toMatch(/^Cannot run 'load': no loop is open here\./);
});

test("says so for what is no async function", async () => {
  const { run } = virtualBridge();
  for (const wrong of [function* () {}, Promise.resolve(), 5, undefined]) {
    // oxlint-disable-next-line no-await-in-loop -- one run after the other
    const error = await rejectionOf(run(() => runAsync(wrong as unknown as () => Promise<void>)));
    expect(error).toBeInstanceOf(WrongFlavorError);
  }
});
