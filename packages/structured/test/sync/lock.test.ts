import { lockBehaviours } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  CancelScope,
  checkpoint,
  Lock,
  moveOnAfter,
  named,
  NoRunError,
  openNursery,
  ReleaseError,
  RelockError,
  sleep,
  WouldBlock,
  type Operation,
} from "../../src/index.js";
import { caughtBy } from "../caught-by.js";
import { groupedErrorsOf, rejectionOf } from "../rejection-of.js";
import { structuredStage } from "../structured-stage.js";
import { virtualRun } from "../virtual-run.js";

const locks = lockBehaviours(() => {
  const stage = structuredStage();
  const lock = new Lock();
  return {
    stage,
    acquire: () => () => lock.acquire(),
    release: () => stage.call(() => lock.release()),
  };
});

describe("a lock (T222, T223)", () => {
  for (const { title, run } of locks) test(title, run);

  test("belongs to one task, which may not acquire it twice (LK-1, T220)", async () => {
    const { run } = virtualRun();
    const lock = new Lock();
    await run(
      named("owner", function* () {
        yield* lock.acquire();
        const text =
          "Cannot acquire the lock again in task 'owner': it holds it already, and would wait for itself.";
        expect(() => lock.acquireNowait()).toThrow(RelockError);
        expect(() => lock.acquireNowait()).toThrow(text);
        const again = function* (): Operation<void> {
          yield* lock.acquire();
        };
        expect(yield* caughtBy(again)).toBeInstanceOf(RelockError);
        lock.release();
        yield* lock.acquire();
        lock.release();
      }),
    );
  });

  test("is released by its owner only (LK-1, T220)", async () => {
    const { run } = virtualRun();
    const lock = new Lock();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => lock.hold(() => sleep(10)));
        yield* checkpoint();
        expect(() => lock.release()).toThrow(
          "Cannot release the lock: task 'main' does not hold it.",
        );
        expect(() => lock.release()).toThrow(ReleaseError);
        yield* sleep(20);
        expect(() => lock.release()).toThrow(ReleaseError);
      }),
    );
  });

  test("that is held makes acquireNowait give up, and acquire wait (T224)", async () => {
    const { run, trace, log } = virtualRun();
    const lock = new Lock();
    await run(() =>
      openNursery(function* (nursery) {
        lock.acquireNowait();
        nursery.startSoon(function* () {
          expect(() => lock.acquireNowait()).toThrow(WouldBlock);
          yield* lock.acquire();
          log("acquired");
          lock.release();
        });
        yield* sleep(10);
        lock.release();
      }),
    );
    expect(trace.entries).toEqual([[10, "acquired"]]);
  });

  test("passes to the one who waits at the release, before that one runs: nobody can steal it (SYN-3, SYN-4)", async () => {
    const { run } = virtualRun();
    const lock = new Lock();
    await run(() =>
      openNursery(function* (nursery) {
        yield* lock.acquire();
        const waiter = nursery.startSoon(named("waiter", () => lock.hold(() => sleep(10))));
        yield* checkpoint();
        lock.release();
        expect(lock.statistics()).toEqual({ locked: true, owner: waiter, tasksWaiting: 0 });
        expect(() => lock.acquireNowait()).toThrow(WouldBlock);
      }),
    );
  });

  test("is not taken by an acquire that was cancelled (SYN-2, T220)", async () => {
    const { run } = virtualRun();
    const lock = new Lock();
    await run(() =>
      openNursery(function* (nursery) {
        const result = yield* moveOnAfter(0, () => lock.acquire());
        expect(result.cancelledCaught).toBe(true);
        expect(lock.locked).toBe(false);
        nursery.startSoon(() => lock.hold(() => sleep(20)));
        yield* checkpoint();
        yield* moveOnAfter(10, () => lock.acquire());
        expect(lock.statistics().tasksWaiting).toBe(0);
      }),
    );
  });

  test("tells its state, its owner and how many wait (LK-4, SYN-5, T220)", async () => {
    const { run } = virtualRun();
    const lock = new Lock();
    expect(lock.statistics()).toEqual({ locked: false, owner: undefined, tasksWaiting: 0 });
    await run(() =>
      openNursery(function* (nursery) {
        const [owner] = ["owner", "b", "c"].map((name) =>
          nursery.startSoon(named(name, () => lock.hold(() => sleep(10)))),
        );
        yield* sleep(5);
        expect(lock.statistics()).toEqual({ locked: true, owner, tasksWaiting: 2 });
      }),
    );
    expect(lock.locked).toBe(false);
  });

  test("can only be used by tasks", () => {
    const lock = new Lock();
    expect(() => lock.acquireNowait()).toThrow(NoRunError);
    expect(() => lock.release()).toThrow(NoRunError);
  });
});

describe("a lock whose owner ends without releasing it (LK-3, T225)", () => {
  const takeAndDie = function* (lock: Lock): Operation<void> {
    yield* lock.acquire();
    yield* sleep(10);
  };

  test("is broken: those who wait get an error that names the dead one, and so do all who come", async () => {
    const { run, trace, log } = virtualRun();
    const lock = new Lock();
    const visit = function* (name: string): Operation<void> {
      const error = yield* caughtBy(() => lock.acquire());
      log(`${name}: ${(error as Error).message.split("\n")[0]}`);
      expect(error).toBeInstanceOf(BrokenResourceError);
    };
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(named("dead", takeAndDie), lock);
        nursery.startSoon(visit, "the one who waits");
        yield* sleep(20);
        yield* visit("the one who comes");
        expect(() => lock.acquireNowait()).toThrow(WouldBlock);
        expect(lock.locked).toBe(true);
      }),
    );
    const text = "Cannot acquire the lock: task 'dead' ended while it held it.";
    expect(trace.entries).toEqual([
      [10, `the one who waits: ${text}`],
      [20, `the one who comes: ${text}`],
    ]);
  });

  test("says how the dead one ended, and has its error for the cause", async () => {
    const { run } = virtualRun();
    const failure = new Error("disk full");
    const [failed, cancelled] = [new Lock(), new Lock()];
    const broken: unknown[] = [];
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        const second = nursery.startSoon(named("second", takeAndDie), cancelled);
        yield* checkpoint();
        second.cancel();
        yield* checkpoint();
        broken.push(yield* caughtBy(() => cancelled.acquire()));
        nursery.startSoon(
          named("first", function* () {
            yield* takeAndDie(failed);
            throw failure;
          }),
        );
        yield* checkpoint();
        // The failure cancels the nursery; a shield keeps that out.
        yield* new CancelScope({ shield: true }).run(function* () {
          broken.push(yield* caughtBy(() => failed.acquire()));
        });
      });
    await expect(groupedErrorsOf(run(main))).resolves.toEqual([failure]);
    const advice =
      "To see where, run it with 'instruments: [tracePlaces()]'.\nUse 'lock.hold', which always releases.";
    expect(broken.map((error) => (error as Error).message)).toEqual([
      `Cannot acquire the lock: task 'second' was cancelled while it held it.\n${advice}`,
      `Cannot acquire the lock: task 'first' failed while it held it, with Error: disk full.\n${advice}`,
    ]);
    expect(broken.map((error) => (error as Error).cause)).toEqual([undefined, failure]);
  });

  test("gives each of those who wait an error of its own", async () => {
    const { run } = virtualRun();
    const lock = new Lock();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(takeAndDie, lock);
        const tasks = [1, 2].map(() => nursery.startSoon(() => caughtBy(() => lock.acquire())));
        const errors: unknown[] = [];
        for (const task of tasks) errors.push(yield* task.join());
        expect(errors[0]).toBeInstanceOf(BrokenResourceError);
        expect(errors[0]).not.toBe(errors[1]);
      }),
    );
  });

  test("follows its ownership: who has handed it on may end (T226)", async () => {
    const { run } = virtualRun();
    const lock = new Lock();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => lock.hold(() => sleep(10)));
        nursery.startSoon(() => lock.hold(() => sleep(10)));
        yield* sleep(30);
        yield* lock.acquire();
        lock.release();
      }),
    );
  });

  test("is broken by the one to whom it was handed, too (T226)", async () => {
    const { run } = virtualRun();
    const lock = new Lock();
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => lock.hold(() => sleep(10)));
        nursery.startSoon(named("heir", takeAndDie), lock);
        yield* sleep(30);
        yield* lock.acquire();
      });
    const error = (await rejectionOf(run(main))) as AggregateError;
    expect((error.errors[0] as Error).message).toContain("task 'heir' ended while it held it");
  });

  test("is broken also by a holder that was cancelled", async () => {
    const { run } = virtualRun();
    const lock = new Lock();
    await run(() =>
      openNursery(function* (nursery) {
        const task = nursery.startSoon(takeAndDie, lock);
        yield* sleep(5);
        task.cancel();
        expect(yield* caughtBy(() => lock.acquire())).toBeInstanceOf(BrokenResourceError);
      }),
    );
  });
});
