import { closeSync, openSync } from "node:fs";
import {
  BusyResourceError,
  ClosedResourceError,
  moveOnAfter,
  openNursery,
  run,
  type Operation,
} from "@trestle/structured";
import { waitAllTasksBlocked } from "@trestle/structured/testing";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { BadDescriptorError, NotWatchableError } from "../../src/readiness/descriptor-errors.js";
import { notifyClosing, readinessStatistics } from "../../src/readiness/readiness.js";
import { waitReadable, waitWritable } from "../../src/structured/wait-readable.js";
import { addon, fill, hasAddon, openPipe, openSocketPair, poke, takeByte } from "../open-pair.js";

function* errorOf(operation: () => Operation<unknown>): Operation<unknown> {
  try {
    yield* operation();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.skipIf(!hasAddon)("waitReadable and waitWritable", () => {
  test("give the turn up until the descriptor is ready, and again as long as it is (FD-1)", async () => {
    const [near, far] = openSocketPair();
    const log: string[] = [];
    await run(function* () {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* waitReadable(near);
          log.push("readable");
          yield* waitReadable({ fd: near });
          log.push(takeByte(near));
        });
        yield* waitWritable(far);
        yield* waitAllTasksBlocked();
        log.push("poke");
        poke(far);
      });
    });
    expect(log).toEqual(["poke", "readable", "x"]);
  });

  test("one reader and one writer share a descriptor, and a second of a kind is refused (FD-2, T243)", async () => {
    const [near, far] = openSocketPair();
    fill(near);
    await run(function* () {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(() => waitReadable(near));
        nursery.startSoon(() => waitWritable(near));
        yield* waitAllTasksBlocked();
        for (const wait of [waitReadable, waitWritable]) {
          expect(yield* errorOf(() => wait(near))).toBeInstanceOf(BusyResourceError);
        }
        poke(far);
        addon().read(far, new Uint8Array(1_000_000));
      });
    });
  });

  test("fail when the descriptor is about to be closed (FD-3)", async () => {
    const [near] = openSocketPair();
    fill(near);
    await run(function* () {
      yield* openNursery(function* (nursery) {
        for (const wait of [waitReadable, waitWritable]) {
          nursery.startSoon(function* () {
            expect(yield* errorOf(() => wait(near))).toBeInstanceOf(ClosedResourceError);
          });
        }
        yield* waitAllTasksBlocked();
        notifyClosing(near);
        closeSync(near);
      });
    });
  });

  test("are cancelled at once, and wait again afterwards", async () => {
    const [reading, writing] = openPipe();
    await run(function* () {
      for (let i = 0; i < 3; i++) {
        expect(yield* moveOnAfter(0, () => waitReadable(reading))).toMatchObject({
          cancelledCaught: true,
        });
        expect(readinessStatistics().waitingForReading).toBe(0);
      }
      poke(writing);
      yield* waitReadable(reading);
    });
  });

  test("a task whose descriptor was closed without a word waits until it is cancelled (FD-4)", async () => {
    const [reading, writing] = addon().pipe() as [number, number];
    const [other, otherEnd] = openPipe();
    await run(function* () {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(() => waitReadable(reading));
        yield* waitAllTasksBlocked();
        for (const fd of [reading, writing]) closeSync(fd);
        // An event of another one would come after any of this one.
        poke(otherEnd);
        yield* waitReadable(other);
        nursery.cancelScope.cancel();
      });
    });
    expect(readinessStatistics().waitingForReading).toBe(0);
  });

  test("hold a virtual clock", async () => {
    const [reading, writing] = openPipe();
    const host = new VirtualHost();
    await run(
      function* () {
        setImmediate(() => setImmediate(() => poke(writing)));
        const { cancelledCaught } = yield* moveOnAfter(60_000, () => waitReadable(reading));
        expect([cancelledCaught, host.now()]).toEqual([false, 0]);
      },
      { host },
    );
  });
});

test("what cannot be waited for is an error of its kind (FD-5)", async () => {
  const file = openSync(import.meta.filename, "r");
  await run(function* () {
    expect(yield* errorOf(() => waitReadable(file))).toBeInstanceOf(NotWatchableError);
    expect(yield* errorOf(() => waitReadable(987_654))).toBeInstanceOf(BadDescriptorError);
    expect(yield* errorOf(() => waitReadable(-1))).toMatchObject({ code: "TRESTLE_ARGUMENT" });
    expect(yield* errorOf(() => waitWritable("1" as never))).toMatchObject({
      code: "TRESTLE_ARGUMENT",
    });
  });
  closeSync(file);
});
