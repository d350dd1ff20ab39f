import { ArgumentError } from "@trestle/host";
import { lockBehaviours } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  CancelScope,
  checkpoint,
  Condition,
  failAfter,
  isCancelled,
  Lock,
  LockNotHeldError,
  moveOnAfter,
  named,
  NoRunError,
  openNursery,
  ReleaseError,
  RelockError,
  Semaphore,
  sleep,
  sleepForever,
  WouldBlock,
  type Operation,
  type TooSlowError,
} from "../../src/index.js";
import { caughtBy } from "../caught-by.js";
import { rejectionOf } from "../rejection-of.js";
import { structuredStage } from "../structured-stage.js";
import { virtualRun } from "../virtual-run.js";

const locks = lockBehaviours(() => {
  const stage = structuredStage();
  const condition = new Condition();
  return {
    stage,
    acquire: () => () => condition.acquire(),
    release: () => stage.call(() => condition.release()),
  };
});

describe("a condition as a lock (CO-2, T222, T223)", () => {
  for (const { title, run } of locks) test(title, run);

  test.each([null, {}, new Semaphore(1), new Condition()])(
    "can only be made with a Lock, not with %s (CO-1, T221)",
    (lock) => {
      expect(() => new Condition(lock as unknown as Lock)).toThrow(ArgumentError);
    },
  );

  test("has its lock's rules (CO-2, T224)", async () => {
    const { run } = virtualRun();
    const lock = new Lock();
    const condition = new Condition(lock);
    await run(() =>
      openNursery(function* (nursery) {
        condition.acquireNowait();
        expect(lock.locked).toBe(true);
        expect(() => condition.acquireNowait()).toThrow(RelockError);
        const other = nursery.startSoon(function* () {
          expect(() => condition.acquireNowait()).toThrow(WouldBlock);
          expect(() => condition.release()).toThrow(ReleaseError);
          yield* condition.acquire();
          condition.release();
        });
        yield* checkpoint();
        expect(condition.locked).toBe(true);
        lock.release();
        yield* other.join();
        expect(condition.locked).toBe(false);
      }),
    );
  });
});

/** Waits in a condition, and logs when it goes on, with the lock held. */
function* waiter(condition: Condition, log: (text: string) => void, name: string): Operation<void> {
  yield* condition.acquire();
  yield* condition.wait();
  log(name);
  yield* sleep(10);
  condition.release();
}

describe("notify", () => {
  test("moves those who have waited longest to the lock, which they get one after another (CO-4, CO-5, T221)", async () => {
    const { run, trace, log } = virtualRun();
    const condition = new Condition();
    await run(() =>
      openNursery(function* (nursery) {
        for (const name of ["a", "b", "c"])
          nursery.startSoon(named(name, () => waiter(condition, log, name)));
        yield* sleep(1);
        expect(condition.statistics()).toEqual({
          tasksWaiting: 3,
          lockStatistics: { locked: false, owner: undefined, tasksWaiting: 0 },
        });
        yield* condition.acquire();
        condition.notify(2);
        expect(condition.statistics()).toMatchObject({
          tasksWaiting: 1,
          lockStatistics: { locked: true, tasksWaiting: 2 },
        });
        yield* sleep(4);
        condition.release();
        log("released");
        yield* sleep(45);
        yield* condition.acquire();
        condition.notify();
        condition.release();
      }),
    );
    expect(trace.entries).toEqual([
      [5, "released"],
      [5, "a"],
      [15, "b"],
      [50, "c"],
    ]);
  });

  test("lets nobody overtake those whom it has notified (SYN-3, CO-4)", async () => {
    const { run, trace, log } = virtualRun();
    const condition = new Condition();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(waiter, condition, log, "the notified");
        yield* checkpoint();
        yield* condition.acquire();
        condition.notify();
        nursery.startSoon(() =>
          condition.hold(function* () {
            log("the late");
          }),
        );
        yield* checkpoint();
        condition.release();
        expect(() => condition.acquireNowait()).toThrow(WouldBlock);
        yield* condition.acquire();
        log("the notifier again");
        condition.release();
      }),
    );
    expect(trace.messages).toEqual(["the notified", "the late", "the notifier again"]);
  });

  test("of all, of more than there are, and of none (CO-4)", async () => {
    const { run, trace, log } = virtualRun();
    const condition = new Condition();
    await run(() =>
      openNursery(function* (nursery) {
        yield* condition.hold(function* () {
          condition.notify();
          condition.notifyAll();
        });
        for (const name of ["a", "b", "c", "d"]) nursery.startSoon(waiter, condition, log, name);
        yield* checkpoint();
        yield* condition.acquire();
        condition.notify(0);
        expect(condition.statistics().tasksWaiting).toBe(4);
        condition.notifyAll();
        expect(condition.statistics().tasksWaiting).toBe(0);
        condition.notify(7);
        for (const count of [-1, 1.5, Number.NaN, "1"])
          expect(() => condition.notify(count as number)).toThrow(ArgumentError);
        condition.release();
      }),
    );
    expect(trace.messages).toEqual(["a", "b", "c", "d"]);
  });

  test("needs the lock, and so does wait (CO-3, CO-4, T221)", async () => {
    const { run } = virtualRun();
    const condition = new Condition();
    expect(() => condition.notify()).toThrow(NoRunError);
    await run(
      named("rash", () =>
        openNursery(function* (nursery) {
          nursery.startSoon(() => condition.hold(() => sleep(10)));
          yield* checkpoint();
          expect(() => condition.notify()).toThrow(LockNotHeldError);
          expect(() => condition.notifyAll()).toThrow(
            "Cannot notify the condition: task 'rash' does not hold its lock.\nDo it inside of 'condition.hold(body)'.",
          );
          expect(yield* caughtBy(() => condition.wait())).toBeInstanceOf(LockNotHeldError);
          expect(yield* caughtBy(() => condition.waitFor(() => true))).toBeInstanceOf(
            LockNotHeldError,
          );
        }),
      ),
    );
  });
});

describe("a wait that is cancelled", () => {
  test("has the lock again when it ends, and is notified no more (CO-3, T221)", async () => {
    const { run, trace, log } = virtualRun();
    const condition = new Condition();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* condition.acquire();
          yield* moveOnAfter(10, function* () {
            try {
              yield* condition.wait();
            } catch (error) {
              log(`cancelled ${isCancelled(error)}, locked ${condition.locked}`);
              throw error;
            }
          });
          log(`left with ${condition.statistics().tasksWaiting}`);
          condition.release();
        });
        nursery.startSoon(waiter, condition, log, "the other");
        yield* sleep(20);
        yield* condition.hold(function* () {
          condition.notify();
        });
      }),
    );
    expect(trace.entries).toEqual([
      [10, "cancelled true, locked true"],
      [10, "left with 1"],
      [20, "the other"],
    ]);
  });

  test("takes as long as others hold the lock (CO-3)", async () => {
    const { run, trace, log } = virtualRun();
    const condition = new Condition();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* condition.acquire();
          yield* moveOnAfter(10, () => condition.wait());
          log("left");
          condition.release();
        });
        yield* sleep(5);
        yield* condition.hold(() => sleep(20));
      }),
    );
    expect(trace.entries).toEqual([[25, "left"]]);
  });

  test("before it has begun has never let go of the lock (SYN-2)", async () => {
    const { run, trace, log } = virtualRun();
    const condition = new Condition();
    await run(() =>
      openNursery(function* (nursery) {
        yield* condition.acquire();
        nursery.startSoon(() =>
          condition.hold(function* () {
            log("the other");
          }),
        );
        yield* checkpoint();
        const { cancelledCaught } = yield* moveOnAfter(0, () => condition.wait());
        expect(cancelledCaught).toBe(true);
        log("still mine");
        condition.release();
      }),
    );
    expect(trace.messages).toEqual(["still mine", "the other"]);
  });

  test("after it was notified ends normally: the notification is not lost (CO-3, SYN-4)", async () => {
    const { run, trace, log } = virtualRun();
    const condition = new Condition();
    const scope = new CancelScope();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* condition.acquire();
          yield* scope.run(function* () {
            yield* condition.wait();
            log("notified");
            yield* checkpoint();
            log("not reached");
          });
          log("left");
          condition.release();
        });
        yield* checkpoint();
        yield* condition.acquire();
        condition.notify();
        scope.cancel();
        yield* sleep(10);
        condition.release();
      }),
    );
    expect(trace.entries).toEqual([
      [10, "notified"],
      [10, "left"],
    ]);
    expect(scope.cancelledCaught).toBe(true);
  });
});

describe("waitFor", () => {
  test("waits until its predicate holds, whoever is notified in between (CO-6)", async () => {
    const { run, trace, log } = virtualRun();
    const condition = new Condition();
    const items: string[] = [];
    const take = function* (name: string): Operation<void> {
      yield* condition.hold(function* () {
        yield* condition.waitFor(() => items.length > 0);
        log(`${name} takes ${items.shift()}`);
      });
    };
    const put = function* (...more: string[]): Operation<void> {
      yield* condition.hold(function* () {
        items.push(...more);
        condition.notifyAll();
      });
    };
    await run(() =>
      openNursery(function* (nursery) {
        for (const name of ["a", "b"]) nursery.startSoon(take, name);
        yield* sleep(10);
        yield* put();
        yield* sleep(10);
        yield* put("1");
        yield* sleep(10);
        yield* put("2");
      }),
    );
    expect(trace.entries).toEqual([
      [20, "a takes 1"],
      [30, "b takes 2"],
    ]);
  });

  test("is a checkpoint where its predicate holds already, and looks behind it", async () => {
    const { run } = virtualRun();
    const condition = new Condition();
    let isReady = false;
    await run(() =>
      openNursery(function* (nursery) {
        yield* condition.acquire();
        nursery.startSoon(function* () {
          isReady = true;
        });
        yield* condition.waitFor(() => isReady);
        const { cancelledCaught } = yield* moveOnAfter(0, () => condition.waitFor(() => true));
        expect(cancelledCaught).toBe(true);
        condition.release();
      }),
    );
  });

  test.each([
    ["a promise", async () => true],
    ["an operation", checkpoint],
    ["a number", () => 1],
  ])("refuses a predicate that gives %s, and keeps the lock", async (_what, predicate) => {
    const { run } = virtualRun();
    const condition = new Condition();
    await run(function* () {
      yield* condition.acquire();
      const error = yield* caughtBy(() => condition.waitFor(predicate as unknown as () => boolean));
      expect(error).toBeInstanceOf(ArgumentError);
      condition.release();
    });
  });
});

describe("a condition", () => {
  test("shares its lock with others", async () => {
    const { run, trace, log } = virtualRun();
    const lock = new Lock();
    const [full, empty] = [new Condition(lock), new Condition(lock)];
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(waiter, full, log, "full");
        nursery.startSoon(waiter, empty, log, "empty");
        yield* checkpoint();
        yield* lock.acquire();
        empty.notifyAll();
        lock.release();
        yield* sleep(50);
        yield* lock.acquire();
        full.notifyAll();
        lock.release();
      }),
    );
    expect(trace.entries).toEqual([
      [0, "empty"],
      [50, "full"],
    ]);
  });

  test("tells those whom a holder notifies and leaves behind that it died with the lock (LK-3, T225)", async () => {
    const { run } = virtualRun();
    const condition = new Condition();
    await run(() =>
      openNursery(function* (nursery) {
        const error = nursery.startSoon(() => caughtBy(() => waiter(condition, () => {}, "a")));
        yield* checkpoint();
        nursery.startSoon(
          named("dead", function* () {
            yield* condition.acquire();
            condition.notify();
          }),
        );
        const broken = yield* error.join();
        expect(broken).toBeInstanceOf(BrokenResourceError);
        expect((broken as Error).message).toContain("task 'dead' ended while it held it");
      }),
    );
  });

  test("says in reports what a task waits for: the notification, then the lock", async () => {
    const { run } = virtualRun();
    const condition = new Condition();
    const wait = (): Operation<void> => condition.hold(() => condition.wait());
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        nursery.startSoon(named("notified", wait));
        nursery.startSoon(named("forgotten", wait));
        yield* checkpoint();
        yield* condition.acquire();
        condition.notify();
        try {
          yield* sleepForever();
        } finally {
          condition.release();
        }
      });
    const blocked = await rejectionOf(run(() => failAfter(1, main)));
    expect((blocked as TooSlowError).blocked).toEqual([
      expect.stringMatching(/^task 'main' waits for/),
      "task 'notified' waits for a lock that task 'main' holds",
      "task 'forgotten' waits for the notification of a condition",
    ]);
  });
});
