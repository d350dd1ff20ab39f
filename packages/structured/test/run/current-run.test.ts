import { describe, expect, test } from "vitest";
import {
  currentRootTask,
  currentTask,
  currentTime,
  inStructuredRun,
  inStructuredTask,
  named,
  NoRunError,
  openNursery,
  sleep,
  type CancelScope,
} from "../../src/index.js";
import {
  currentHost,
  currentRunStatistics,
  currentRunToken,
  spawnSystemTask,
  suspend,
} from "../../src/lowlevel.js";
import { virtualRun } from "../virtual-run.js";

describe("the root task", () => {
  test("is main, for each task of the run, system tasks too (T14)", async () => {
    const { run } = virtualRun();
    const seen: unknown[] = [];
    const main = named("main", function* () {
      const task = currentTask();
      const look = (): void => void seen.push(currentRootTask() === task);
      look();
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* openNursery(function* (inner) {
            inner.startSoon(function* () {
              look();
            });
          });
        });
      });
      spawnSystemTask(function* () {
        look();
      });
      currentRunToken().runSoon(look);
      currentHost().soon(look);
      yield* sleep(1);
    });
    await run(main);
    expect(seen).toEqual([true, true, true, true, true]);
  });
});

describe("where code is", () => {
  const where = (): [inRun: boolean, inTask: boolean] => [inStructuredRun(), inStructuredTask()];

  test("is told for each kind of place (RUN-22, T104, T120)", async () => {
    const { run, host } = virtualRun();
    const seen = new Map<string, unknown>();
    const look = (place: string) => (): void => void seen.set(place, where());
    look("outside, before")();
    host.soon(look("a callback of the platform"));
    await run(
      () =>
        openNursery(function* (nursery) {
          look("a task")();
          spawnSystemTask(function* () {
            look("a system task")();
          });
          currentRunToken().runSoon(look("a call from outside"));
          currentHost().soon(look("a callback of the run's host"));
          currentHost().at(1, look("a timer of the run's host"));
          void Promise.resolve().then(look("a microtask"));
          nursery.startSoon(() =>
            suspend(
              () => () => {
                look("the abort of a wait")();
                return "withdrawn";
              },
              "its cancellation",
            ),
          );
          yield* sleep(1);
          nursery.cancelScope.cancel();
        }),
      { instruments: [{ taskBlocked: look("an instrument's hook for a task") }] },
    );
    look("outside, after")();
    expect(Object.fromEntries(seen)).toEqual({
      "outside, before": [false, false],
      "a callback of the platform": [false, false],
      "a task": [true, true],
      "a system task": [true, true],
      "a call from outside": [true, true],
      "a callback of the run's host": [true, false],
      "a timer of the run's host": [true, false],
      "a microtask": [false, false],
      "the abort of a wait": [true, true],
      "an instrument's hook for a task": [true, true],
      "outside, after": [false, false],
    });
  });
});

describe("what needs a run", () => {
  test.each<[name: string, call: () => unknown]>([
    ["currentRootTask", currentRootTask],
    ["currentTask", currentTask],
    ["currentTime", currentTime],
    ["currentHost", currentHost],
    ["currentRunToken", currentRunToken],
    ["currentRunStatistics", currentRunStatistics],
    ["spawnSystemTask", () => spawnSystemTask(() => sleep(1))],
  ])("%s is refused outside of one (RUN-21, T15)", (_name, call) => {
    expect(call).toThrow(NoRunError);
  });

  test("is there in the callbacks of the run's own host, as far as it needs no task (T117)", async () => {
    const { run } = virtualRun();
    const ended: string[] = [];
    let scope: CancelScope | undefined;
    await run(() =>
      openNursery(function* (nursery) {
        scope = nursery.cancelScope;
        currentHost().at(5, () => {
          expect(currentTime()).toBe(5);
          expect(() => currentTask()).toThrow(NoRunError);
          spawnSystemTask(function* () {
            ended.push("system task");
          });
          currentRunToken().runSoon(() => ended.push("call"));
          nursery.startSoon(function* () {
            ended.push("child");
          });
        });
        yield* sleep(10);
        scope.cancel();
      }),
    );
    expect(ended.toSorted()).toEqual(["call", "child", "system task"]);
  });
});
