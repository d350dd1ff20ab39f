import { WrongFlavorError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { EventEmitter, once } from "node:events";
import { expect, test } from "vitest";
import { CancelledError } from "../src/cancelled-error.js";
import { currentTask, getRunningLoop } from "../src/current.js";
import { EventLoop } from "../src/event-loop.js";
import { Future } from "../src/future.js";
import { LoopClosedError } from "../src/loop-closed-error.js";
import { run } from "../src/run.js";
import { runCoroutineThreadsafe } from "../src/run-coroutine-threadsafe.js";
import { sleep } from "../src/sleep.js";
import { messages } from "./on-virtual-time.js";

/** Runs a loop while a body outside of it works with it. */
async function besideLoop(body: (loop: EventLoop) => Promise<void>): Promise<void> {
  const loop = new EventLoop();
  const running = loop.runForever();
  try {
    await body(loop);
  } finally {
    loop.stop();
    await running;
    await loop.close();
  }
}

test("runs the function as a task of the loop, and gives its value outside", () =>
  besideLoop(async (loop) => {
    const call = runCoroutineThreadsafe(
      async function work(one: number, two: number) {
        await sleep(1);
        return `${getRunningLoop() === loop} ${currentTask()?.name} ${one + two}`;
      },
      loop,
      1,
      2,
    );
    expect(call.done()).toBe(false);
    expect(await call).toBe("true work 3");
    expect([call.done(), call.cancelled(), call.cancel()]).toEqual([true, false, false]);
    expect(await call).toBe("true work 3");
  }));

test("gives its error, to each who awaits, at any time", () =>
  besideLoop(async (loop) => {
    const call = runCoroutineThreadsafe(() => Promise.reject(new Error("a defect")), loop);
    await expect(call).rejects.toThrow("a defect");
    await expect(call.catch((error: unknown) => String(error))).resolves.toBe("Error: a defect");
    let count = 0;
    await call.finally(() => count++).catch(() => {});
    expect(count).toBe(1);
  }));

test("cancelled before it starts it never runs; later its task is cancelled and may clean up", () =>
  besideLoop(async (loop) => {
    const log: string[] = [];
    const early = runCoroutineThreadsafe(async () => void log.push("runs"), loop);
    expect(early.cancel("too early")).toBe(true);
    await expect(early).rejects.toThrow("too early");
    const emitter = new EventEmitter();
    const late = runCoroutineThreadsafe(async () => {
      emitter.emit("started");
      try {
        await sleep(3_600_000);
      } finally {
        await sleep(1);
        log.push("cleaned up");
      }
    }, loop);
    await once(emitter, "started");
    expect(late.cancel("enough")).toBe(true);
    await expect(late).rejects.toThrow(CancelledError);
    expect([late.cancelled(), log]).toEqual([true, ["cleaned up"]]);
  }));

test("a failure that nobody awaits goes to the loop's exception handler", async () => {
  const log = await messages(async ({ log, loop }) => {
    loop.setExceptionHandler((_loop, { message }) => log(message));
    void runCoroutineThreadsafe(async function work() {
      throw new Error("a defect");
    }, loop);
    await sleep(1);
  });
  expect(log).toEqual(["Nobody looked at the failure of task 'work'"]);
});

test("a loop that closes ends it", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const never = runCoroutineThreadsafe(async () => new Future<void>(), loop);
  const running = runCoroutineThreadsafe(async () => "value", loop);
  await loop.runUntilComplete(() => sleep(1));
  const late = runCoroutineThreadsafe(async () => new Future<void>(), loop);
  await loop.close();
  await expect(never).rejects.toThrow(LoopClosedError);
  await expect(late).rejects.toThrow(LoopClosedError);
  expect(await running).toBe("value");
  expect(() => runCoroutineThreadsafe(async () => {}, loop)).toThrow(LoopClosedError);
});

test("a task of another loop may await it", async () => {
  await besideLoop(async (loop) => {
    const value = await run(() => runCoroutineThreadsafe(() => sleep(1, "value"), loop));
    expect(value).toBe("value");
  });
});

test("a loop that is closing ends it", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const calls: Promise<string>[] = [];
  loop.callSoon(() => calls.push(runCoroutineThreadsafe(async () => "late", loop)));
  await loop.close();
  expect(calls.length).toBe(1);
  await expect(calls[0]).rejects.toThrow(LoopClosedError);
});

test("may be called and cancelled in code of another loop in debug mode, too", () =>
  besideLoop(async (loop) => {
    loop.setDebug(true);
    await run(async () => {
      expect(await runCoroutineThreadsafe(async () => "value", loop)).toBe("value");
      const call = runCoroutineThreadsafe(() => new Future<void>(), loop);
      expect(call.cancel()).toBe(true);
      await expect(call).rejects.toThrow(CancelledError);
    });
  }));

test("refuses what is no function of the loop flavor", () =>
  besideLoop(async (loop) => {
    expect(() => runCoroutineThreadsafe(function* () {} as never, loop)).toThrow(WrongFlavorError);
    expect(() => runCoroutineThreadsafe(Promise.resolve() as never, loop)).toThrow(
      "its work runs already",
    );
  }));
