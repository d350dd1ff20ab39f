import { WrongFlavorError } from "@trestle/host";
import { CancelledError, EventLoop, LoopClosedError } from "@trestle/loop";
import {
  fromPromise,
  openNursery,
  run as runStructured,
  sleep,
  type Operation,
} from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { awaitFuture, openLoop } from "../src/index.js";
import { virtualBridge } from "./virtual-bridge.js";

function* caught(operation: Operation<unknown>): Operation<unknown> {
  try {
    yield* operation;
  } catch (error) {
    return error;
  }
  throw new Error("Expected an error.");
}

describe("a Future", () => {
  test("is waited for, and gives its value or throws its error as it is (trio-asyncio 2.4)", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("no reply");
    await run(function* (loop) {
      const reply = loop.createFuture<string>();
      loop.callLater(10, () => reply.setResult("hello"));
      log(yield* awaitFuture(reply));
      const failing = loop.createFuture<string>();
      loop.callLater(10, () => failing.setException(error));
      expect(yield* caught(awaitFuture(failing))).toBe(error);
      log("failed");
    });
    expect(trace.entries).toEqual([
      [10, "hello"],
      [20, "failed"],
    ]);
  });

  test("that is done is waited for as well, in no time (trio-asyncio 2.4)", async () => {
    const { run, host } = virtualBridge();
    const error = new Error("no reply");
    await run(function* (loop) {
      const reply = loop.createFuture<string>();
      reply.setResult("hello");
      expect(yield* awaitFuture(reply)).toBe("hello");
      expect(yield* awaitFuture(reply)).toBe("hello");
      const failed = loop.createFuture<string>();
      failed.setException(error);
      expect(yield* caught(awaitFuture(failed))).toBe(error);
    });
    expect(host.now()).toBe(0);
  });

  test("that somebody has cancelled throws CancelledError with the message (trio-asyncio 2.4)", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      const reply = loop.createFuture<string>();
      reply.cancel("no reply");
      const error = yield* caught(awaitFuture(reply));
      expect(error).toBeInstanceOf(CancelledError);
      expect((error as CancelledError).message).toBe("no reply");
    });
  });

  test("may be waited for by many tasks", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const reply = loop.createFuture<string>();
      loop.callLater(10, () => reply.setResult("hello"));
      yield* openNursery(function* (nursery) {
        for (const name of ["a", "b"]) {
          nursery.startSoon(function* () {
            log(`${name}: ${yield* awaitFuture(reply)}`);
          });
        }
      });
    });
    expect(trace.entries).toEqual([
      [10, "a: hello"],
      [10, "b: hello"],
    ]);
  });

  test("may belong to an outer loop (trio-asyncio 2.20)", async () => {
    const { run } = virtualBridge();
    await run(function* (outer) {
      const reply = outer.createFuture<string>();
      outer.callLater(10, () => reply.setResult("of the outer loop"));
      yield* openLoop(function* () {
        expect(yield* awaitFuture(reply)).toBe("of the outer loop");
      });
    });
  });

  test("may belong to any live loop, and then needs no loop around the waiting (trio-asyncio 2.4)", async () => {
    const host = new VirtualHost();
    const loop = new EventLoop({ host });
    await runStructured(
      function* () {
        const running = loop.runForever();
        const reply = loop.createFuture<string>();
        loop.callLater(10, () => reply.setResult("of a loop by itself"));
        expect(yield* awaitFuture(reply)).toBe("of a loop by itself");
        loop.stop();
        yield* fromPromise(running);
      },
      { host },
    );
    await loop.close();
  });
});

describe("a Future of a loop that has closed", () => {
  test("gives what it has", async () => {
    const { run } = virtualBridge();
    await run(function* () {
      const error = new Error("no reply");
      const [succeeded, failed] = yield* openLoop(function* (loop) {
        const futures = [loop.createFuture<string>(), loop.createFuture<string>()] as const;
        futures[0].setResult("hello");
        futures[1].setException(error);
        yield* caught(awaitFuture(futures[1]));
        return futures;
      });
      expect(yield* awaitFuture(succeeded)).toBe("hello");
      expect(yield* caught(awaitFuture(failed))).toBe(error);
    });
  });

  test("throws LoopClosedError while it is pending (trio-asyncio 7, 9)", async () => {
    const { run } = virtualBridge();
    await run(function* () {
      const reply = yield* openLoop(function* (loop) {
        return loop.createFuture<string>("the reply");
      });
      expect(yield* caught(awaitFuture(reply))).toBeInstanceOf(LoopClosedError);
    });
  });
});

test("what is no Future is refused at the call", () => {
  const wrong = (x: unknown) => () => awaitFuture(x as never);
  expect(wrong(Promise.resolve())).toThrow(WrongFlavorError);
  expect(wrong(Promise.resolve())).toThrow(
    "Cannot wait for a Promise: it is not a Future.\nGive an async function or a promise to 'asStructured'.",
  );
  expect(wrong(undefined)).toThrow(/^Cannot wait for undefined/);
  expect(wrong(sleep(1))).toThrow(WrongFlavorError);
});
