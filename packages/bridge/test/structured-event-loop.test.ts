import { EventLoop, LoopClosedError, sleep } from "@trestle/loop";
import {
  moveOnAfter,
  sleep as structuredSleep,
  sleepForever,
  type Operation,
} from "@trestle/structured";
import { describe, expect, test } from "vitest";
import { awaitFuture, currentLoop, LoopFailure } from "../src/index.js";
import { isStructuredEventLoop } from "../src/structured-event-loop.js";
import { groupedErrorsOf, rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

describe("runAsync", () => {
  test("runs an async function with its arguments, and gives its value (trio-asyncio 2.5)", async () => {
    const { run, host } = virtualBridge();
    const value = await run((loop) =>
      loop.runAsync(
        async (a: number, b: number) => {
          await sleep(10);
          return a + b;
        },
        1,
        2,
      ),
    );
    expect(value).toBe(3);
    expect(host.now()).toBe(10);
  });

  test("throws what the function throws", async () => {
    const { run } = virtualBridge();
    const error = new Error("of the function");
    const main = async (): Promise<void> => {
      throw error;
    };
    await expect(rejectionOf(run((loop) => loop.runAsync(main)))).resolves.toBe(error);
  });

  test("refuses work once the loop has closed (trio-asyncio 2.5)", async () => {
    const { run } = virtualBridge();
    const closed = await run(function* (loop) {
      return loop;
    });
    await expect(rejectionOf(run(() => closed.runAsync(async () => {})))).resolves.toBeInstanceOf(
      LoopClosedError,
    );
  });
});

describe("structuredAsFuture", () => {
  test("runs a structured function with its arguments, as a Future (trio-asyncio 2.10)", async () => {
    const { run, host } = virtualBridge();
    const value = await run(function* (loop) {
      const add = function* (a: number, b: number): Operation<number> {
        yield* structuredSleep(10);
        expect(currentLoop()).toBe(loop);
        return a + b;
      };
      return yield* awaitFuture(loop.structuredAsFuture(add, 1, 2));
    });
    expect(value).toBe(3);
    expect(host.now()).toBe(10);
  });

  test("starts the calls in the order of the queue (trio-asyncio 2.10)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      for (const name of "abc") {
        void loop.structuredAsFuture(function* () {
          log(name);
        });
      }
      yield* loop.synchronize();
      log("synchronized");
    });
    expect(trace.messages).toEqual(["a", "b", "c", "synchronized"]);
  });
});

describe("synchronize", () => {
  test("waits until all that is queued has run, and nothing that this queues", async () => {
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

  test("can be cancelled where the loop stands still", async () => {
    const { run, host } = virtualBridge();
    await run(function* (loop) {
      loop.stop();
      yield* structuredSleep(1);
      const { cancelledCaught } = yield* moveOnAfter(10, () => loop.synchronize());
      expect(cancelledCaught).toBe(true);
    });
    expect(host.now()).toBe(11);
  });

  test("is done at once in a loop that has closed", async () => {
    const { run } = virtualBridge();
    const closed = await run(function* (loop) {
      return loop;
    });
    await run(() => closed.synchronize());
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
});

test("a hosted loop is told from others, and is an EventLoop", async () => {
  const { run, host } = virtualBridge();
  const other = new EventLoop({ host });
  await run(function* (loop) {
    expect(loop).toBeInstanceOf(EventLoop);
    expect(isStructuredEventLoop(loop)).toBe(true);
    expect(isStructuredEventLoop(other)).toBe(false);
    expect(isStructuredEventLoop(undefined)).toBe(false);
  });
  await other.close();
});
