import { LoopClosedError, LoopStoppedError, sleep } from "@trestle/loop";
import {
  Event,
  moveOnAfter,
  openNursery,
  run as runStructured,
  sleep as structuredSleep,
  sleepForever,
  type Operation,
} from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test, vi } from "vitest";
import {
  asLoop,
  HostedLoopError,
  LoopFailure,
  openLoop,
  type StructuredEventLoop,
} from "../src/index.js";
import { groupedErrorsOf, rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

describe("synchronize", () => {
  test("waits until all that is queued has run, and nothing that this queues (trio-asyncio 2.15)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      loop.callSoon(() => {
        log("queued before");
        loop.callSoon(log, "queued by that");
      });
      yield* loop.synchronize();
      log("synchronized");
    });
    expect(trace.messages).toEqual(["queued before", "synchronized", "queued by that"]);
  });

  test("may be called from loop code (trio-asyncio 2.15)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const synchronize = asLoop(() => loop.synchronize());
      yield* loop.runAsync(async () => {
        loop.callSoon(log, "callback");
        await synchronize();
        log("synchronized");
      });
    });
    expect(trace.messages).toEqual(["callback", "synchronized"]);
  });

  test("fails where the loop stands still", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      loop.stop();
      yield* structuredSleep(1);
      expect(yield* thrownBy(loop.synchronize())).toBeInstanceOf(LoopStoppedError);
    });
  });

  test("can be cancelled", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const { cancelledCaught } = yield* moveOnAfter(0, () => loop.synchronize());
      log(`caught ${cancelledCaught}`);
    });
    expect(trace.messages).toEqual(["caught true"]);
  });

  test("is done at once in a loop that has closed", async () => {
    const { run } = virtualBridge();
    const closed = await run(function* (loop) {
      return loop;
    });
    await run(() => closed.synchronize());
  });
});

describe("stop", () => {
  test("lets run what was queued before, and gives an event that is set then (trio-asyncio 2.15)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      loop.callSoon(() => {
        loop.callSoon(log, "queued before");
        const stopped = loop.stop();
        loop.callSoon(() => loop.callSoon(log, "queued by what came after"));
        expect(stopped.isSet).toBe(false);
      });
      const stopped = loop.stop();
      yield* stopped.wait();
      log(`running ${loop.isRunning()}, closed ${loop.isClosed()}`);
    });
    expect(trace.messages).toEqual([
      "running false, closed false",
      "queued before",
      "queued by what came after",
    ]);
  });

  test("gives the same event each time, and the one that it is given (trio-asyncio 2.15)", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      const own = new Event();
      const first = loop.stop();
      expect(loop.stop()).toBe(first);
      expect(loop.stop(own)).toBe(own);
      yield* own.wait();
      expect(first.isSet).toBe(true);
      expect(loop.stop()).toBe(first);
      const late = new Event();
      expect(loop.stop(late).isSet).toBe(true);
    });
  });

  test("takes an event that is set already (trio-asyncio 7, 16)", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      const set = new Event();
      set.set();
      expect(loop.stop(set)).toBe(set);
      yield* loop.waitStopped();
    });
  });

  test("keeps what is queued afterwards for the end of the block (trio-asyncio 2.15)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      yield* loop.stop().wait();
      loop.callSoon(log, "callback");
      yield* structuredSleep(10);
      log("the body ends");
    });
    expect(trace.messages).toEqual(["the body ends", "callback"]);
  });

  test("may come from a timer, whose block goes on (trio-asyncio aiotest)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      loop.callLater(10, log, "timer");
      loop.callLater(20, () => loop.stop());
      loop.callLater(30, log, "never");
      yield* loop.waitStopped();
      log("stopped");
    });
    expect(trace.entries).toEqual([
      [10, "timer"],
      [20, "stopped"],
    ]);
  });
});

describe("waitStopped", () => {
  test("waits outside of the block for its end (trio-asyncio 2.15)", async () => {
    const { log, trace, host } = virtualBridge();
    await runStructured(
      () =>
        openNursery(function* (nursery) {
          yield* openLoop(function* (loop) {
            nursery.startSoon(function* () {
              yield* loop.waitStopped();
              log("stopped");
            });
            void loop.createTask(async () => {
              try {
                await sleep(1000);
              } finally {
                await sleep(10);
                log("cleaned up");
              }
            });
            yield* structuredSleep(5);
          });
        }),
      { host },
    );
    expect(trace.entries).toEqual([
      [15, "cleaned up"],
      [15, "stopped"],
    ]);
  });

  test("waits for nothing once the loop has stopped, and can be cancelled before", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      const { cancelledCaught } = yield* moveOnAfter(10, () => loop.waitStopped());
      expect(cancelledCaught).toBe(true);
      loop.stop();
      yield* loop.waitStopped();
      yield* loop.waitStopped();
    });
  });
});

describe("a hosted loop", () => {
  test("is run by its block and by nobody else (trio-asyncio 2.15)", async () => {
    const { run } = virtualBridge();
    const check = async (loop: StructuredEventLoop): Promise<void> => {
      await expect(loop.runForever()).rejects.toThrow(HostedLoopError);
      await expect(loop.runUntilComplete()).rejects.toThrow(
        /^Cannot run the event loop: the block of 'openLoop' runs it\.\n/,
      );
    };
    await run(function* (loop) {
      yield* loop.runAsync(() => check(loop));
      yield* loop.stop().wait();
      void check(loop);
    });
  });

  test("cannot be closed from inside, and closing it once more does nothing (trio-asyncio test_close_no_stop)", async () => {
    const { run } = virtualBridge();
    const closed = await run(function* (loop) {
      yield* loop.runAsync(async () => {
        await expect(loop.close()).rejects.toThrow(
          /^Cannot close the event loop: the event loop is running/,
        );
      });
      return loop;
    });
    await closed.close();
    await closed.close();
  });

  test("that has closed refuses everything (trio-asyncio test_close)", async () => {
    const { run } = virtualBridge();
    const closed = await run(function* (loop) {
      return loop;
    });
    const calls = [
      () => closed.callSoon(() => {}),
      () => closed.callLater(1, () => {}),
      () => closed.callAt(1, () => {}),
      () => closed.createTask(async () => {}),
      () => closed.structuredAsFuture(function* () {}),
    ];
    for (const call of calls) expect(call).toThrow(LoopClosedError);
  });
});

describe("the default exception handler", () => {
  test("ends the block with the error, also one that is undefined", async () => {
    const { run } = virtualBridge();
    const errors = await groupedErrorsOf(
      run(function* (loop) {
        loop.defaultExceptionHandler({ message: "failed", exception: undefined });
        yield* sleepForever();
      }),
    );
    expect(errors).toEqual([undefined]);
  });

  test("ends it with the message where there is no error", async () => {
    const { run } = virtualBridge();
    const errors = await groupedErrorsOf(
      run(function* (loop) {
        loop.defaultExceptionHandler({ message: "The socket is gone" });
        yield* sleepForever();
      }),
    );
    expect(errors).toEqual([new LoopFailure("The socket is gone")]);
  });

  test("only prints once the block has ended (trio-asyncio test_exception_after_closed)", async () => {
    const { run } = virtualBridge();
    const printed = vi.spyOn(console, "error").mockImplementation(() => {});
    try {
      const closed = await run(function* (loop) {
        return loop;
      });
      const error = new Error("of a finalizer");
      closed.callExceptionHandler({ message: "A finalizer failed", exception: error });
      expect(printed.mock.calls).toEqual([["A finalizer failed:", error]]);
    } finally {
      printed.mockRestore();
    }
  });
});

test("an exception handler that fails ends the block with its own error (trio-asyncio 2.15)", async () => {
  const host = new VirtualHost();
  const error = new Error("of the handler");
  const thrown = await rejectionOf(
    runStructured(
      () =>
        openLoop(function* (loop) {
          loop.setExceptionHandler(() => {
            throw error;
          });
          loop.callSoon(() => {
            throw new Error("of a callback");
          });
          yield* sleepForever();
        }),
      { host },
    ),
  );
  expect(thrown).toMatchObject({ errors: [error] });
});

/** What an operation throws. */
function* thrownBy(operation: Operation<unknown>): Operation<unknown> {
  try {
    yield* operation;
  } catch (error) {
    return error;
  }
  throw new Error("Expected an error.");
}
