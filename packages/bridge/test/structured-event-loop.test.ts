import { EventLoop, LoopClosedError, sleep } from "@trestle/loop";
import { sleep as structuredSleep, type Operation } from "@trestle/structured";
import { describe, expect, test } from "vitest";
import { awaitFuture, currentLoop } from "../src/index.js";
import { isStructuredEventLoop } from "../src/structured-event-loop.js";
import { rejectionOf } from "./rejection-of.js";
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
