import { WrongFlavorError } from "@trestle/host";
import {
  CancelledError,
  ensureFuture,
  gather,
  Future,
  sleep as loopSleep,
  waitFor,
} from "@trestle/loop";
import {
  ContextVar,
  run as runAlone,
  sleep,
  sleepForever,
  type Operation,
} from "@trestle/structured";
import { expect, test } from "vitest";
import { asStructured, NoHostedLoopError, runStructured } from "../src/index.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

test("gives a Future of the function's value, from tasks and from plain callbacks (trio-asyncio 2.10)", async () => {
  const { run, log, trace } = virtualBridge();
  function* nap(ms: number): Operation<string> {
    yield* sleep(ms);
    return `napped ${ms}`;
  }
  const day = asStructured(async () => {
    const future = runStructured(nap, 10);
    expect(future).toBeInstanceOf(Future);
    expect(ensureFuture(future)).toBe(future);
    log(await future);
    log((await gather([runStructured(nap, 5), runStructured(nap, 10)])).join(", "));
  });
  await run(function* (loop) {
    loop.callSoon(() => {
      runStructured(nap, 1).addDoneCallback((future) => log(future.result()));
    });
    yield* day();
  });
  expect(trace.entries).toEqual([
    [1, "napped 1"],
    [10, "napped 10"],
    [20, "napped 5, napped 10"],
  ]);
});

test("may be called by structured code, which watches the Future itself (trio-asyncio 2.9)", async () => {
  const { run, host } = virtualBridge();
  await run(function* () {
    const future = runStructured(sleep, 10);
    yield* asStructured(future);
  });
  expect(host.now()).toBe(10);
});

test("its error is the Future's and nobody else's; cancelling it cancels the task", async () => {
  const { run, log, trace } = virtualBridge();
  const error = new Error("of the function");
  const day = asStructured(async () => {
    const failing = function* (): Operation<void> {
      throw error;
    };
    expect(await rejectionOf(runStructured(failing))).toBe(error);
    const future = runStructured(function* () {
      try {
        yield* sleepForever();
      } finally {
        log("unwound");
      }
    });
    await loopSleep(5);
    future.cancel("enough");
    expect(future.done()).toBe(false);
    const cancelled = await rejectionOf(future);
    expect(cancelled).toBeInstanceOf(CancelledError);
    expect((cancelled as Error).message).toBe("enough");
    await rejectionOf(waitFor(runStructured(sleepForever), 5));
  });
  await run(() => day());
  expect(trace.entries).toEqual([[5, "unwound"]]);
});

test("the function sees the caller's context variables as they were, and changes none of them", async () => {
  const { run } = virtualBridge();
  const name = new ContextVar<string>("name");
  await run(function* () {
    name.set("outer");
    const future = runStructured(function* () {
      expect(name.get()).toBe("outer");
      name.set("inner");
    });
    yield* asStructured(future);
    expect(name.get()).toBe("outer");
  });
});

test("says so where no loop is open (trio-asyncio 7, defect 10)", async () => {
  expect(() => runStructured(sleep, 1)).toThrow(NoHostedLoopError);
  expect(() => runStructured(sleep, 1)).toThrow(/^Cannot run 'sleep': no loop is open here\./);
  await runAlone(function* () {
    expect(() => runStructured(sleep, 1)).toThrow(NoHostedLoopError);
  });
});

test("says so for what is no structured function, through the Future (trio-asyncio 2.9)", async () => {
  const { run } = virtualBridge();
  const day = asStructured(async () => {
    for (const wrong of [async () => {}, () => 5]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await rejectionOf(runStructured(wrong as never))).toBeInstanceOf(WrongFlavorError);
    }
  });
  await run(() => day());
});
