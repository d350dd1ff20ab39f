// Everything that can be used as a lock, channels among them: one holder at a time, in order, and nothing that is cancelled is
// held. Each behaviour is one test for all of them.
import { describe, expect, test } from "vitest";
import {
  CapacityLimiter,
  checkpoint,
  Condition,
  Lock,
  moveOnAfter,
  openMemoryChannel,
  openNursery,
  Semaphore,
  sleep,
  StrictFIFOLock,
  WouldBlock,
  type Operation,
} from "../../src/index.js";
import { ParkingLot } from "../../src/lowlevel.js";
import { caughtBy } from "../caught-by.js";
import { virtualRun } from "../virtual-run.js";

interface LockLike {
  acquire(): Operation<unknown>;
  acquireNowait(): void;
  release(): void;
}

/** Holds by having sent into a channel that is full then. */
function sendingLock(capacity: number): LockLike {
  const [send, receive] = openMemoryChannel<undefined>(capacity);
  for (let i = 1; i < capacity; i++) send.sendNowait(undefined);
  return {
    acquire: () => send.send(undefined),
    acquireNowait: () => send.sendNowait(undefined),
    release: () => receive.receiveNowait(),
  };
}

/** Holds by having received the only token. */
function receivingLock(): LockLike {
  const [send, receive] = openMemoryChannel<undefined>(10);
  send.sendNowait(undefined);
  return {
    acquire: () => receive.receive(),
    acquireNowait: () => receive.receiveNowait(),
    release: () => send.sendNowait(undefined),
  };
}

/** Holds by a flag; those who wait stand at a channel without places. */
function rendezvousLock(): LockLike {
  const [send, receive] = openMemoryChannel<undefined>(0);
  let isHeld = false;
  const acquireNowait = (): void => {
    if (isHeld) throw new WouldBlock("acquire");
    isHeld = true;
  };
  return {
    *acquire() {
      if (isHeld) return yield* send.send(undefined);
      isHeld = true;
      yield* checkpoint();
    },
    acquireNowait,
    release: () => {
      try {
        receive.receiveNowait();
      } catch (error) {
        if (!(error instanceof WouldBlock)) throw error;
        isHeld = false;
      }
    },
  };
}

/** Holds by a flag that is handed over in a parking lot. */
function parkingLock(): LockLike {
  const lot = new ParkingLot();
  let isHeld = false;
  const acquireNowait = (): void => {
    if (isHeld) throw new WouldBlock("acquire");
    isHeld = true;
  };
  return {
    *acquire() {
      if (isHeld) return yield* lot.park();
      isHeld = true;
      yield* checkpoint();
    },
    acquireNowait,
    release: () => {
      if (lot.unpark().length === 0) isHeld = false;
    },
  };
}

const kinds: [name: string, make: () => LockLike][] = [
  ["a Lock", () => new Lock()],
  ["a StrictFIFOLock", () => new StrictFIFOLock()],
  ["a Semaphore of one", () => new Semaphore(1)],
  ["a CapacityLimiter of one", () => new CapacityLimiter(1)],
  ["a Condition", () => new Condition()],
  ["a channel with one place", () => sendingLock(1)],
  ["a channel with one place left", () => sendingLock(10)],
  ["a channel with one value", receivingLock],
  ["a channel without places", rendezvousLock],
  ["a parking lot", parkingLock],
];

describe.each(kinds)("%s as a lock", (_name, make) => {
  test("has one holder at a time, and everybody has been one (T222)", async () => {
    const { run } = virtualRun();
    const lock = make();
    let holders = 0;
    let visits = 0;
    const work = function* (): Operation<void> {
      for (let i = 0; i < 10; i++) {
        yield* lock.acquire();
        expect(++holders).toBe(1);
        for (let rest = i % 3; rest > 0; rest--) yield* checkpoint();
        visits++;
        expect(--holders).toBe(0);
        lock.release();
      }
    };
    await run(() =>
      openNursery(function* (nursery) {
        for (let i = 0; i < 5; i++) nursery.startSoon(work);
      }),
    );
    expect(visits).toBe(50);
  });

  test("keeps the order of the first round in all that follow (T223)", async () => {
    const { run } = virtualRun();
    const lock = make();
    const visits: string[] = [];
    const work = function* (name: string): Operation<void> {
      for (let i = 0; i < 6; i++) {
        yield* lock.acquire();
        visits.push(name);
        yield* sleep(1);
        lock.release();
      }
    };
    await run(() =>
      openNursery(function* (nursery) {
        for (const name of ["a", "b", "c", "d", "e"]) nursery.startSoon(work, name);
      }),
    );
    expect(visits.join("")).toBe("abcde".repeat(6));
  });

  test("taken without waiting keeps others out, with and without waiting (T224, SYN-3)", async () => {
    const { run, trace, log } = virtualRun();
    const lock = make();
    await run(() =>
      openNursery(function* (nursery) {
        lock.acquireNowait();
        nursery.startSoon(function* () {
          expect(() => lock.acquireNowait()).toThrow(WouldBlock);
          yield* lock.acquire();
          log("in");
          lock.release();
        });
        yield* sleep(10);
        lock.release();
        // It belongs to the one who has waited, who has not run yet.
        yield* mustWait(lock);
      }),
    );
    expect(trace.entries).toEqual([[10, "in"]]);
  });

  test("that was cancelled while it was waited for is not held, and not lost (SYN-2, LK-5)", async () => {
    const { run, trace, log } = virtualRun();
    const lock = make();
    await run(() =>
      openNursery(function* (nursery) {
        yield* lock.acquire();
        nursery.startSoon(() => moveOnAfter(5, () => lock.acquire()));
        nursery.startSoon(function* () {
          yield* lock.acquire();
          log("the patient");
          lock.release();
        });
        yield* sleep(10);
        lock.release();
      }),
    );
    expect(trace.entries).toEqual([[10, "the patient"]]);
    await run(() => lock.acquire());
  });

  test("that is handed over in the round of a cancellation belongs to the one who got it (SYN-4)", async () => {
    const { run, trace, log } = virtualRun();
    const lock = make();
    await run(() =>
      openNursery(function* (nursery) {
        yield* lock.acquire();
        const heir = nursery.startSoon(function* () {
          yield* lock.acquire();
          log("mine");
          try {
            yield* sleep(10);
          } finally {
            lock.release();
          }
        });
        nursery.startSoon(function* () {
          yield* lock.acquire();
          log("the next");
          lock.release();
        });
        yield* checkpoint();
        lock.release();
        heir.cancel();
      }),
    );
    expect(trace.entries).toEqual([
      [0, "mine"],
      [0, "the next"],
    ]);
  });
});

/** Expects that the lock cannot be had at once. */
function* mustWait(lock: LockLike): Operation<void> {
  const error = yield* caughtBy(function* () {
    lock.acquireNowait();
  });
  expect(error).toBeInstanceOf(WouldBlock);
}
