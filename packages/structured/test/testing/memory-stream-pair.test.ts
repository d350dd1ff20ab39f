import { describe, expect, test } from "vitest";
import { BrokenResourceError, openNursery } from "../../src/index.js";
import {
  checkHalfCloseableStream,
  checkOneWayStream,
  memoryStreamOneWayPair,
  memoryStreamPair,
  memoryStreamPump,
  waitAllTasksBlocked,
} from "../../src/testing.js";
import { caughtBy } from "../streams/caught-by.js";
import { bytes, text, textOf } from "../streams/text.js";
import { virtualRun } from "../virtual-run.js";

describe("memoryStreamOneWayPair (TST-10)", () => {
  test("makes streams that do what all streams must (TST-12)", () =>
    virtualRun().run(() =>
      checkOneWayStream(function* () {
        return memoryStreamOneWayPair();
      }),
    ));

  test("has hooks that a test may change to move less, or later", async () => {
    const { run } = virtualRun();
    const [send, receive] = memoryStreamOneWayPair();
    send.sendAllHook = undefined;
    await run(() =>
      openNursery(function* (nursery) {
        const receiving = nursery.startSoon(() => receive.receiveSome());
        yield* send.sendAll(bytes("12"));
        yield* waitAllTasksBlocked();
        expect(receiving.outcome).toBeUndefined();
        memoryStreamPump(send, receive, { maxBytes: 1 });
        expect(text(yield* receiving.join())).toBe("1");
      }),
    );
  });
});

describe("memoryStreamPair (TST-10)", () => {
  test("makes streams that do what all streams must (TST-12)", () =>
    virtualRun().run(() =>
      checkHalfCloseableStream(function* () {
        return memoryStreamPair();
      }),
    ));

  test("takes any amount without a receiver, and is broken after its closing (ABC-7)", async () => {
    const { run } = virtualRun();
    const [left, right] = memoryStreamPair();
    await run(function* () {
      for (let i = 0; i < 100; i++) yield* left.sendAll(bytes("x".repeat(1000)));
      yield* left.sendEof();
      expect(yield* textOf(right)).toHaveLength(100_000);
      yield* left.aclose();
      expect(yield* caughtBy(() => right.sendAll(bytes("x")))).toBeInstanceOf(BrokenResourceError);
    });
  });
});
