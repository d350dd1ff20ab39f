import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  CancelScope,
  checkpoint,
  currentTask,
  named,
  openNursery,
  sleep,
  type Operation,
  type Task,
} from "../../src/index.js";
import { addParkingLotBreaker, ParkingLot, removeParkingLotBreaker } from "../../src/lowlevel.js";
import { caughtBy } from "../caught-by.js";
import { groupedErrorsOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

describe("a breaker of a parking lot", () => {
  test("breaks it when it ends, for those who park and those who come (PL-5, T133, T134)", async () => {
    const { run, trace, log } = virtualRun();
    const lot = new ParkingLot();
    const visit = function* (name: string): Operation<void> {
      const error = yield* caughtBy(() => lot.park());
      expect(error).toBeInstanceOf(BrokenResourceError);
      log(`${name}: ${(error as Error).message}`);
    };
    await run(() =>
      openNursery(function* (nursery) {
        const breaker = nursery.startSoon(named("breaker", () => sleep(10)));
        addParkingLotBreaker(breaker, lot);
        nursery.startSoon(visit, "the parked");
        yield* sleep(20);
        yield* visit("the late");
        expect(lot.brokenBy).toEqual([breaker]);
      }),
    );
    const text =
      "Cannot wait for its place in a parking lot: task 'breaker' has broken the parking lot.";
    expect(trace.entries).toEqual([
      [10, `the parked: ${text}`],
      [20, `the late: ${text}`],
    ]);
  });

  test("that fails is told with its error, which is the cause", async () => {
    const { run } = virtualRun();
    const lot = new ParkingLot();
    const failure = new Error("no power");
    let broken: unknown;
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        const breaker = nursery.startSoon(
          named("breaker", function* () {
            yield* sleep(10);
            throw failure;
          }),
        );
        addParkingLotBreaker(breaker, lot);
        // The nursery's cancellation comes first; a shield keeps it out.
        yield* new CancelScope({ shield: true }).run(function* () {
          broken = yield* caughtBy(() => lot.park());
        });
      });
    await expect(groupedErrorsOf(run(main))).resolves.toEqual([failure]);
    expect(broken).toMatchObject({ cause: failure });
    const late = await run(() => caughtBy(() => lot.park()));
    expect(late).toMatchObject({ cause: failure });
    expect((late as Error).message).toMatch(/by failing with Error: no power\.$/);
  });

  test("is one no more once it was removed (PL-5, T133)", async () => {
    const { run } = virtualRun();
    const lot = new ParkingLot();
    await run(() =>
      openNursery(function* (nursery) {
        const task = nursery.startSoon(() => sleep(10));
        addParkingLotBreaker(task, lot);
        removeParkingLotBreaker(task, lot);
        yield* task.join();
        expect(lot.brokenBy).toEqual([]);
      }),
    );
  });

  test("may be added twice, and is removed as often: it breaks as often as it is left (PL-5, T133)", async () => {
    const { run } = virtualRun();
    const lot = new ParkingLot();
    await run(() =>
      openNursery(function* (nursery) {
        const task = nursery.startSoon(() => sleep(10));
        for (let i = 0; i < 3; i++) addParkingLotBreaker(task, lot);
        removeParkingLotBreaker(task, lot);
        yield* task.join();
        yield* checkpoint();
        expect(lot.brokenBy).toEqual([task, task]);
      }),
    );
  });

  test("is kept apart from other lots and other tasks (PL-5, T133, T136)", async () => {
    const { run } = virtualRun();
    const [first, second] = [new ParkingLot(), new ParkingLot()];
    await run(() =>
      openNursery(function* (nursery) {
        const [a, b] = [1, 2].map((ms) => nursery.startSoon(() => sleep(ms))) as [
          Task<void>,
          Task<void>,
        ];
        addParkingLotBreaker(a, first);
        addParkingLotBreaker(b, first);
        addParkingLotBreaker(a, second);
        removeParkingLotBreaker(a, second);
        yield* sleep(5);
        expect(first.brokenBy).toEqual([a, b]);
        expect(second.brokenBy).toEqual([]);
      }),
    );
  });

  test("may park in its own lot (PL-5, T137)", async () => {
    const { run } = virtualRun();
    const lot = new ParkingLot();
    await run(() =>
      openNursery(function* (nursery) {
        const task = nursery.startSoon(function* () {
          addParkingLotBreaker(currentTask(), lot);
          yield* lot.park();
        });
        yield* checkpoint();
        expect(lot.unpark()).toEqual([task]);
        yield* task.join();
        expect(lot.brokenBy).toEqual([task]);
      }),
    );
  });

  test("must be alive (PL-5, T135)", async () => {
    const { run } = virtualRun();
    const lot = new ParkingLot();
    await run(() =>
      openNursery(function* (nursery) {
        const task = nursery.startSoon(named("gone", () => checkpoint()));
        yield* task.join();
        expect(() => addParkingLotBreaker(task, lot)).toThrow(BrokenResourceError);
        expect(() => addParkingLotBreaker(task, lot)).toThrow(
          "Cannot add a breaker of a parking lot: task 'gone' has ended already.",
        );
      }),
    );
  });

  test("cannot be removed where it is none, or no more (PL-5, T133)", async () => {
    const { run } = virtualRun();
    const lot = new ParkingLot();
    await run(function* () {
      const task = currentTask();
      expect(() => removeParkingLotBreaker(task, lot)).toThrow(ArgumentError);
      addParkingLotBreaker(task, lot);
      expect(() => removeParkingLotBreaker(task, new ParkingLot())).toThrow(ArgumentError);
      removeParkingLotBreaker(task, lot);
      expect(() => removeParkingLotBreaker(task, lot)).toThrow(
        "Cannot remove task 'main' as a breaker of the parking lot: it is none, or has ended.",
      );
    });
  });

  test("is a task, and the lot a lot", async () => {
    const { run } = virtualRun();
    await run(function* () {
      for (const change of [addParkingLotBreaker, removeParkingLotBreaker]) {
        expect(() => change({} as Task<unknown>, new ParkingLot())).toThrow(ArgumentError);
        expect(() => change(currentTask(), {} as ParkingLot)).toThrow(ArgumentError);
      }
    });
  });
});
