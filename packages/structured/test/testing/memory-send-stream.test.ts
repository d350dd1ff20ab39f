import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  BusyResourceError,
  ClosedResourceError,
  moveOnAfter,
  openNursery,
  sleep,
  sleepForever,
  WouldBlock,
} from "../../src/index.js";
import { assertCheckpoints, MemorySendStream, waitAllTasksBlocked } from "../../src/testing.js";
import { caughtBy } from "../streams/caught-by.js";
import { bytes, text } from "../streams/text.js";
import { virtualRun } from "../virtual-run.js";

describe("a memory stream to send into (TST-10, T247)", () => {
  test("keeps what is sent, for the test to take", async () => {
    const { run } = virtualRun();
    const stream = new MemorySendStream();
    await run(() =>
      openNursery(function* (nursery) {
        expect(() => stream.getDataNowait()).toThrow(WouldBlock);
        const getting = nursery.startSoon(() => stream.getData(2));
        yield* assertCheckpoints(() => stream.sendAll(bytes("abc")));
        yield* assertCheckpoints(() => stream.waitSendAllMightNotBlock());
        expect(text(yield* getting.join())).toBe("ab");
        expect(text(stream.getDataNowait())).toBe("c");
        yield* moveOnAfter(0, () => stream.sendAll(bytes("never")));
        expect(() => stream.getDataNowait()).toThrow(WouldBlock);
      }),
    );
  });

  test("runs its hooks, which may wait, fail, and be changed", async () => {
    const { run, trace, log } = virtualRun();
    const failure = new Error("the peer is rude");
    const stream = new MemorySendStream({
      *sendAllHook() {
        log(`has ${text(stream.getDataNowait())}`);
        yield* sleep(10);
      },
      *waitSendAllMightNotBlockHook() {
        log("might not block");
        throw failure;
      },
      closeHook: () => log("closed"),
    });
    await run(function* () {
      yield* stream.sendAll(bytes("one"));
      expect(yield* caughtBy(() => stream.waitSendAllMightNotBlock())).toBe(failure);
      stream.sendAllHook = undefined;
      yield* stream.sendAll(bytes("two"));
      stream.sendAllHook = (async () => {}) as never;
      expect(yield* caughtBy(() => stream.sendAll(bytes("x")))).toBeInstanceOf(WrongFlavorError);
      yield* assertCheckpoints(() => stream.aclose());
      stream.close();
    });
    expect(trace.entries).toEqual([
      [0, "has one"],
      [10, "might not block"],
      [10, "closed"],
    ]);
  });

  test("refuses whoever sends at the same time, from the first round on", async () => {
    const { run } = virtualRun();
    const stream = new MemorySendStream();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => stream.sendAll(bytes("x")));
        nursery.startSoon(function* () {
          for (const operation of [
            () => stream.sendAll(bytes("x")),
            () => stream.waitSendAllMightNotBlock(),
          ]) {
            expect(yield* caughtBy(operation)).toBeInstanceOf(BusyResourceError);
          }
        });
      }),
    );
  });

  test("wakes whoever is in it when it is closed, and keeps what was sent (ABC-7)", async () => {
    const { run } = virtualRun();
    const stream = new MemorySendStream({ sendAllHook: sleepForever });
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          expect(yield* caughtBy(() => stream.sendAll(bytes("kept")))).toBeInstanceOf(
            ClosedResourceError,
          );
        });
        yield* waitAllTasksBlocked();
        stream.close();
        for (const data of [bytes("x"), new Uint8Array(0)]) {
          expect(yield* caughtBy(() => stream.sendAll(data))).toBeInstanceOf(ClosedResourceError);
        }
        expect(text(yield* stream.getData())).toBe("kept");
        expect(yield* stream.getData()).toHaveLength(0);
      }),
    );
  });

  test("takes only bytes", async () => {
    const { run } = virtualRun();
    await run(function* () {
      const error = yield* caughtBy(() => new MemorySendStream().sendAll("text" as never));
      expect(error).toBeInstanceOf(ArgumentError);
    });
  });
});
