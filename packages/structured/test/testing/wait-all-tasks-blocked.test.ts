import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  Event,
  fromPromise,
  moveOnAfter,
  openNursery,
  run as runOnPlatform,
  sleep,
  type Operation,
} from "../../src/index.js";
import { waitAllTasksBlocked } from "../../src/testing/wait-all-tasks-blocked.js";
import { virtualRun } from "../virtual-run.js";

describe("waiting until all tasks are blocked", () => {
  test("lets others come to where they wait (TST-6, T244)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const event = new Event();
        nursery.startSoon(function* () {
          for (let i = 0; i < 20; i++) yield* checkpoint();
          log("waits");
          yield* event.wait();
          log("goes on");
        });
        yield* waitAllTasksBlocked();
        log("all are blocked");
        event.set();
        yield* waitAllTasksBlocked();
        log("again");
      }),
    );
    expect(trace.entries).toEqual([
      [0, "waits"],
      [0, "all are blocked"],
      [0, "goes on"],
      [0, "again"],
    ]);
  });

  test("counts those who sleep as blocked (TST-7)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* sleep(10);
          log("slept");
        });
        yield* waitAllTasksBlocked();
        log("all are blocked");
      }),
    );
    expect(trace.entries).toEqual([
      [0, "all are blocked"],
      [10, "slept"],
    ]);
  });

  test("waits for promises that are about to settle", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          for (let i = 0; i < 5; i++) yield* fromPromise(Promise.resolve());
          log("five promises later");
        });
        yield* waitAllTasksBlocked();
        log("all are blocked");
      }),
    );
    expect(trace.messages).toEqual(["five promises later", "all are blocked"]);
  });

  test("wakes all of the smallest cushion together, and lets the others begin anew (TST-6, T244)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        for (const cushion of [30, 10, 0, 10, 30]) {
          nursery.startSoon(function* () {
            yield* waitAllTasksBlocked(cushion);
            log(`cushion ${cushion}`);
          });
        }
      }),
    );
    expect(trace.entries).toEqual([
      [0, "cushion 0"],
      [10, "cushion 10"],
      [10, "cushion 10"],
      [40, "cushion 30"],
      [40, "cushion 30"],
    ]);
  });

  test("begins its cushion anew whenever a task has a turn (T244)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          for (let i = 0; i < 3; i++) {
            yield* sleep(8);
            log("a turn");
          }
        });
        yield* waitAllTasksBlocked(10);
        log("blocked for 10 ms");
      }),
    );
    expect(trace.entries).toEqual([
      [8, "a turn"],
      [16, "a turn"],
      [24, "a turn"],
      [34, "blocked for 10 ms"],
    ]);
  });

  test("is over at once when it is cancelled, and is not told any more (T244)", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      const { cancelledCaught } = yield* moveOnAfter(5, () => waitAllTasksBlocked(1000));
      log(`cancelled ${cancelledCaught}`);
      yield* sleep(2000);
      log("nothing came");
    });
    expect(trace.entries).toEqual([
      [5, "cancelled true"],
      [2005, "nothing came"],
    ]);
  });

  test("is cancelled where the task is cancelled already", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope();
    scope.cancel();
    await run(() => scope.run(() => waitAllTasksBlocked()));
    expect(scope.cancelledCaught).toBe(true);
  });

  test("works on the platform's host", async () => {
    const main = (): Operation<number> =>
      openNursery(function* (nursery) {
        const event = new Event();
        nursery.startSoon(() => event.wait());
        nursery.startSoon(() => event.wait());
        yield* waitAllTasksBlocked(1);
        event.set();
        return event.statistics().tasksWaiting;
      });
    await expect(runOnPlatform(main)).resolves.toBe(0);
  });

  test.for([-1, NaN, "0", null])("refuses %j as a cushion", (cushion) => {
    expect(() => waitAllTasksBlocked(cushion as number)).toThrow(ArgumentError);
  });
});
