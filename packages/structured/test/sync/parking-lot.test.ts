import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  checkpoint,
  CancelScope,
  currentTask,
  isCancelled,
  moveOnAfter,
  named,
  NoRunError,
  openNursery,
  sleep,
  type Nursery,
  type Operation,
  type Task,
} from "../../src/index.js";
import { ParkingLot } from "../../src/lowlevel.js";
import { caughtBy } from "../caught-by.js";
import { virtualRun } from "../virtual-run.js";

/** Starts a task for each name, which parks, and logs its name when it is woken. */
function* parkEach(
  nursery: Nursery,
  lot: ParkingLot,
  log: (text: string) => void,
  names: string,
): Operation<Task<void>[]> {
  const tasks = names.split("").map((name) =>
    nursery.startSoon(
      named(name, function* () {
        try {
          yield* lot.park();
          log(name);
        } catch (error) {
          log(isCancelled(error) ? `${name} cancelled` : `${name}: ${(error as Error).message}`);
          if (isCancelled(error)) throw error;
        }
      }),
    ),
  );
  yield* checkpoint();
  return tasks;
}

describe("unpark", () => {
  test("wakes one, some or all, first in, first out, and gives their tasks (PL-1, PL-3, T129)", async () => {
    const { run, trace, log } = virtualRun();
    const lot = new ParkingLot();
    await run(() =>
      openNursery(function* (nursery) {
        const [a, b, c, d, e] = yield* parkEach(nursery, lot, log, "abcde");
        expect(lot.size).toBe(5);
        expect(lot.statistics()).toEqual({ tasksWaiting: 5 });
        expect(lot.unpark()).toEqual([a]);
        expect(lot.unpark(2)).toEqual([b, c]);
        expect(lot.unpark(0)).toEqual([]);
        yield* checkpoint();
        expect(trace.messages).toEqual(["a", "b", "c"]);
        expect(lot.unparkAll()).toEqual([d, e]);
        expect(lot.unparkAll()).toEqual([]);
        yield* parkEach(nursery, lot, log, "xy");
        expect(lot.unpark(Infinity)).toHaveLength(2);
        expect(lot.unpark(5)).toEqual([]);
        expect(lot.size).toBe(0);
      }),
    );
    expect(trace.messages).toEqual(["a", "b", "c", "d", "e", "x", "y"]);
  });

  test.each([1.5, -1, Number.NaN, "1"])("refuses a count of %j (PL-1, T129)", (count) => {
    const lot = new ParkingLot();
    expect(() => lot.unpark(count as number)).toThrow(ArgumentError);
    expect(() => lot.repark(new ParkingLot(), count as number)).toThrow(ArgumentError);
  });

  test("may come from a plain callback", async () => {
    const { run, host } = virtualRun();
    const lot = new ParkingLot();
    host.at(10, () => lot.unpark());
    await run(() => lot.park());
    expect(host.now()).toBe(10);
  });

  test("lets nobody park where it came first: nothing is remembered", async () => {
    const { run } = virtualRun();
    const lot = new ParkingLot();
    lot.unparkAll();
    const result = await run(() => moveOnAfter(10, () => lot.park()));
    expect(result.cancelledCaught).toBe(true);
  });
});

describe("a parked task that is cancelled", () => {
  test("leaves the others in their order, and is passed over (PL-6, T130)", async () => {
    const { run, trace, log } = virtualRun();
    const lot = new ParkingLot();
    await run(() =>
      openNursery(function* (nursery) {
        const [a, b, c] = yield* parkEach(nursery, lot, log, "abc");
        b?.cancel();
        expect(lot.size).toBe(2);
        yield* checkpoint();
        expect(lot.unpark(2)).toEqual([a, c]);
      }),
    );
    expect(trace.messages).toEqual(["b cancelled", "a", "c"]);
  });

  test("in the round in which it is woken is woken (TRAP-8)", async () => {
    const { run, trace, log } = virtualRun();
    const lot = new ParkingLot();
    await run(() =>
      openNursery(function* (nursery) {
        const [a] = yield* parkEach(nursery, lot, log, "a");
        lot.unpark();
        a?.cancel();
      }),
    );
    expect(trace.messages).toEqual(["a"]);
  });

  test("before it parks is not parked (SYN-2)", async () => {
    const { run } = virtualRun();
    const lot = new ParkingLot();
    const result = await run(() => moveOnAfter(0, () => lot.park()));
    expect(result.cancelledCaught).toBe(true);
    expect(lot.size).toBe(0);
  });
});

describe("repark", () => {
  test("moves those who have waited longest to the end of another lot, asleep (PL-2, T131, T132)", async () => {
    const { run, trace, log } = virtualRun();
    const [from, to] = [new ParkingLot(), new ParkingLot()];
    await run(() =>
      openNursery(function* (nursery) {
        const [x] = yield* parkEach(nursery, to, log, "x");
        const [a, b, c] = yield* parkEach(nursery, from, log, "abcde");
        from.repark(to);
        from.repark(to, 2);
        expect([from.size, to.size]).toEqual([2, 4]);
        yield* checkpoint();
        expect(trace.messages).toEqual([]);
        expect(to.unparkAll()).toEqual([x, a, b, c]);
        from.reparkAll(to);
        expect([from.size, to.size]).toEqual([0, 2]);
        from.reparkAll(to);
        to.unparkAll();
      }),
    );
    expect(trace.messages).toEqual(["x", "a", "b", "c", "d", "e"]);
  });

  test("makes a cancellation take the task out of the lot that it is in now (PL-2, T131)", async () => {
    const { run, trace, log } = virtualRun();
    const [from, to] = [new ParkingLot(), new ParkingLot()];
    await run(() =>
      openNursery(function* (nursery) {
        const [a, b, c] = yield* parkEach(nursery, from, log, "abc");
        from.reparkAll(to);
        b?.cancel();
        expect([from.size, to.size]).toEqual([0, 2]);
        expect(to.unparkAll()).toEqual([a, c]);
      }),
    );
    expect(trace.messages).toEqual(["b cancelled", "a", "c"]);
  });

  test("in the lot itself sends to the back (PL-2)", async () => {
    const { run, trace, log } = virtualRun();
    const lot = new ParkingLot();
    await run(() =>
      openNursery(function* (nursery) {
        yield* parkEach(nursery, lot, log, "abc");
        lot.repark(lot);
        lot.unparkAll();
        yield* parkEach(nursery, lot, log, "xyz");
        lot.reparkAll(lot);
        lot.unparkAll();
      }),
    );
    expect(trace.messages).toEqual(["b", "c", "a", "x", "y", "z"]);
  });

  test("needs another lot (PL-2, T132)", () => {
    const lot = new ParkingLot();
    const others = [undefined, null, {}, []] as unknown as ParkingLot[];
    for (const other of others) {
      expect(() => lot.repark(other)).toThrow(ArgumentError);
      expect(() => lot.reparkAll(other)).toThrow(ArgumentError);
    }
  });

  test("into a broken lot tells the tasks so (PL-4)", async () => {
    const { run, trace, log } = virtualRun();
    const [from, to] = [new ParkingLot("a seat"), new ParkingLot("a cab")];
    await run(() =>
      openNursery(function* (nursery) {
        yield* parkEach(nursery, from, log, "ab");
        to.breakLot();
        from.repark(to);
        expect([from.size, to.size]).toEqual([1, 0]);
        from.unpark();
      }),
    );
    expect(trace.messages).toEqual([
      "a: Cannot wait for a cab: task 'main' has broken the parking lot.",
      "b",
    ]);
  });
});

describe("breakLot", () => {
  test("wakes all with an error that names the breaker, and refuses all who come (PL-4, T134)", async () => {
    const { run, trace, log } = virtualRun();
    const lot = new ParkingLot();
    await run(
      named("breaker", () =>
        openNursery(function* (nursery) {
          yield* parkEach(nursery, lot, log, "ab");
          expect(lot.brokenBy).toEqual([]);
          lot.breakLot();
          expect(lot.size).toBe(0);
          expect(lot.brokenBy).toEqual([currentTask()]);
          yield* parkEach(nursery, lot, log, "c");
          expect(lot.unparkAll()).toEqual([]);
        }),
      ),
    );
    const text =
      "Cannot wait for its place in a parking lot: task 'breaker' has broken the parking lot.";
    expect(trace.messages).toEqual([`a: ${text}`, `b: ${text}`, `c: ${text}`]);
  });

  test("gives each task an error of its own", async () => {
    const { run } = virtualRun();
    const lot = new ParkingLot();
    await run(() =>
      openNursery(function* (nursery) {
        const tasks = [1, 2].map(() => nursery.startSoon(() => caughtBy(() => lot.park())));
        yield* checkpoint();
        lot.breakLot();
        const errors: unknown[] = [];
        for (const task of tasks) errors.push(yield* task.join());
        expect(errors[0]).toBeInstanceOf(BrokenResourceError);
        expect(errors[0]).not.toBe(errors[1]);
      }),
    );
  });

  test("a second time only adds to those who have broken it, the same task too (PL-4, T136)", async () => {
    const { run } = virtualRun();
    const lot = new ParkingLot();
    await run(() =>
      openNursery(function* (nursery) {
        const other = nursery.startSoon(named("other", () => sleep(10)));
        lot.breakLot(other);
        lot.breakLot();
        lot.breakLot();
        expect(lot.brokenBy.map(({ name }) => name)).toEqual(["other", "main", "main"]);
        const error = yield* caughtBy(() => lot.park());
        expect((error as Error).message).toContain("task 'other' has broken");
      }),
    );
  });

  test("may be done to the lot in which its breaker is parked (PL-4, T137)", async () => {
    const { run, trace, log } = virtualRun();
    const lot = new ParkingLot();
    await run(() =>
      openNursery(function* (nursery) {
        const [a] = yield* parkEach(nursery, lot, log, "a");
        lot.breakLot(a);
      }),
    );
    expect(trace.messages).toEqual([
      "a: Cannot wait for its place in a parking lot: task 'a' has broken the parking lot.",
    ]);
  });

  test("needs a task", async () => {
    const { run } = virtualRun();
    const lot = new ParkingLot();
    expect(() => lot.breakLot()).toThrow(NoRunError);
    await run(function* () {
      for (const task of [null, 1, {}, "main"])
        expect(() => lot.breakLot(task as unknown as Task<unknown>)).toThrow(ArgumentError);
      expect(lot.brokenBy).toEqual([]);
      lot.unparkAll();
    });
  });

  test("is not noticed by one who is cancelled at the same time (SYN-2)", async () => {
    const { run } = virtualRun();
    const lot = new ParkingLot();
    const scope = new CancelScope();
    await run(function* () {
      lot.breakLot();
      scope.cancel();
      const result = yield* scope.run(() => lot.park());
      expect(result.cancelledCaught).toBe(true);
    });
  });
});

describe("a lot", () => {
  test("says in reports what is waited for", async () => {
    const { run } = virtualRun();
    const lot = new ParkingLot("a free connection");
    await expect(run(() => lot.park())).rejects.toThrow(/waits for a free connection/);
  });
});
