import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  BusyResourceError,
  ClosedResourceError,
  moveOnAfter,
  openNursery,
  WouldBlock,
} from "../../src/index.js";
import { waitAllTasksBlocked } from "../../src/testing.js";
import { MemoryStreamQueue } from "../../src/testing/memory-stream-queue.js";
import { caughtBy } from "../streams/caught-by.js";
import { bytes, text } from "../streams/text.js";
import { virtualRun } from "../virtual-run.js";

describe("the bytes of a memory stream (TST-10, T247)", () => {
  test("are given to the task that waits, and lost by none that is cancelled", async () => {
    const { run } = virtualRun();
    const queue = new MemoryStreamQueue("put", "get");
    await run(() =>
      openNursery(function* (nursery) {
        const getting = nursery.startSoon(() => queue.get(2));
        yield* waitAllTasksBlocked();
        expect(yield* caughtBy(() => queue.get(1))).toBeInstanceOf(BusyResourceError);
        queue.put(bytes("abc"));
        expect(text(yield* getting.join())).toBe("ab");
        yield* moveOnAfter(0, () => queue.get(1));
        expect(text(queue.getNowait(undefined))).toBe("c");
        expect(() => queue.getNowait(1)).toThrow(WouldBlock);
      }),
    );
  });

  test("end when it is closed, for ever, also for the task that waits", async () => {
    const { run } = virtualRun();
    const queue = new MemoryStreamQueue("put", "get");
    await run(() =>
      openNursery(function* (nursery) {
        const getting = nursery.startSoon(() => queue.get(undefined));
        yield* waitAllTasksBlocked();
        queue.close();
        expect(yield* getting.join()).toHaveLength(0);
        expect(queue.getNowait(1)).toHaveLength(0);
        expect(() => queue.put(bytes("x"))).toThrow(ClosedResourceError);
      }),
    );
  });

  test("are kept by a closing, unless they are wiped", () => {
    const queue = new MemoryStreamQueue("put", "get");
    queue.put(bytes("abc"));
    queue.close();
    expect(text(queue.getNowait(1))).toBe("a");
    queue.closeAndWipe();
    expect(queue.getNowait(undefined)).toHaveLength(0);
  });

  test("are bytes, and taken in whole numbers", async () => {
    const { run } = virtualRun();
    const queue = new MemoryStreamQueue("put", "get");
    expect(() => queue.put("text" as never)).toThrow(ArgumentError);
    expect(() => queue.getNowait(0)).toThrow(ArgumentError);
    await run(function* () {
      expect(yield* caughtBy(() => queue.get(1.5))).toBeInstanceOf(ArgumentError);
    });
  });
});
