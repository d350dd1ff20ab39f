import { describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  moveOnAfter,
  openNursery,
  sleep,
  sleepForever,
} from "../../src/index.js";
import { currentRunStatistics, currentRunToken, spawnSystemTask } from "../../src/lowlevel.js";
import { virtualRun } from "../virtual-run.js";

describe("the statistics of a run", () => {
  test("count the tasks that live and those that are ready (RUN-23, T16)", async () => {
    const { run } = virtualRun();
    await run(function* () {
      expect(currentRunStatistics()).toMatchObject({ tasksLiving: 1, tasksRunnable: 0 });
      yield* openNursery(function* (nursery) {
        nursery.startSoon(sleepForever);
        nursery.startSoon(function* () {
          yield* new CancelScope().run(sleepForever);
        });
        spawnSystemTask(sleepForever);
        expect(currentRunStatistics()).toMatchObject({ tasksLiving: 4, tasksRunnable: 3 });
        yield* checkpoint();
        expect(currentRunStatistics()).toMatchObject({ tasksLiving: 4, tasksRunnable: 0 });
        nursery.cancelScope.cancel();
        // What sleeps is ready at once when it is cancelled.
        expect(currentRunStatistics()).toMatchObject({ tasksLiving: 4, tasksRunnable: 2 });
      });
      expect(currentRunStatistics()).toMatchObject({ tasksLiving: 2, tasksRunnable: 0 });
    });
  });

  test("tell the time to the next deadline, also of one that is overdue", async () => {
    const { run } = virtualRun();
    await run(function* () {
      const left = (): number => currentRunStatistics().msToNextDeadline;
      expect(left()).toBe(Number.POSITIVE_INFINITY);
      yield* moveOnAfter(5, function* (scope) {
        expect(left()).toBe(5);
        scope.deadline = -3;
        expect(left()).toBe(-3);
        scope.deadline = 100;
      });
      expect(left()).toBe(Number.POSITIVE_INFINITY);
      yield* openNursery(function* (nursery) {
        nursery.startSoon(sleep, 7);
        yield* checkpoint();
        expect(left()).toBe(7);
      });
    });
  });

  test("count the calls that wait, merged ones once", async () => {
    const { run } = virtualRun();
    await run(function* () {
      const call = (): void => {};
      expect(currentRunStatistics().runSoonQueueSize).toBe(0);
      const token = currentRunToken();
      token.runSoon(call);
      token.runSoonOnce(call);
      token.runSoonOnce(call);
      expect(currentRunStatistics().runSoonQueueSize).toBe(2);
      yield* checkpoint();
      expect(currentRunStatistics().runSoonQueueSize).toBe(0);
    });
  });
});
