import { describe, expect, test } from "vitest";
import {
  checkpoint,
  isCancelled,
  moveOnAfter,
  named,
  openNursery,
  SelfJoinError,
  sleep,
  sleepForever,
  TaskCancelledError,
  type Operation,
  type Task,
} from "../src/index.js";
import { groupedErrorsOf } from "./rejection-of.js";
import { virtualRun } from "./virtual-run.js";

function* answer(): Operation<number> {
  yield* sleep(10);
  return 42;
}

describe("join", () => {
  test("waits for the end of the task and gives its value", async () => {
    const { run, host } = virtualRun();
    const value = await run(() => openNursery((nursery) => nursery.startSoon(answer).join()));
    expect(value).toBe(42);
    expect(host.now()).toBe(10);
  });

  test("is a checkpoint for a task that has ended", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const task = nursery.startSoon(answer);
        yield* sleep(20);
        nursery.startSoon(function* () {
          log("the other task");
        });
        log(`joined: ${yield* task.join()}`);
        const result = yield* moveOnAfter(0, () => task.join());
        expect(result.cancelledCaught).toBe(true);
      }),
    );
    expect(trace.entries).toEqual([
      [20, "the other task"],
      [20, "joined: 42"],
    ]);
  });

  test("wakes all who join, in the order of joining, also with one operation", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const joining = nursery.startSoon(answer).join();
        for (const name of ["a", "b", "c"]) {
          nursery.startSoon(function* () {
            log(`${name}: ${yield* joining}`);
          });
        }
      }),
    );
    expect(trace.entries).toEqual([
      [10, "a: 42"],
      [10, "b: 42"],
      [10, "c: 42"],
    ]);
  });

  test("throws the error of the task, which goes to its nursery all the same", async () => {
    const { run, trace, log } = virtualRun();
    const error = new Error("of the task");
    const main = (): Operation<void> =>
      openNursery(function* (joiners) {
        yield* openNursery(function* (nursery) {
          const task = nursery.startSoon(function* () {
            yield* sleep(10);
            throw error;
          });
          joiners.startSoon(function* () {
            try {
              yield* task.join();
            } catch (caught) {
              log(`joined: ${caught === error}`);
            }
          });
        });
      });
    const [inner] = await groupedErrorsOf(run(main));
    expect((inner as AggregateError).errors).toEqual([error]);
    expect(trace.messages).toEqual(["joined: true"]);
  });

  test("throws TaskCancelledError for a task that was cancelled, and is not cancelled itself", async () => {
    const { run } = virtualRun();
    const caught = await run(() =>
      openNursery(function* (nursery) {
        const task = nursery.startSoon(named("worker", sleepForever));
        yield* checkpoint();
        task.cancel();
        try {
          return yield* task.join();
        } catch (error) {
          return error;
        }
      }),
    );
    expect(caught).toBeInstanceOf(TaskCancelledError);
    expect(isCancelled((caught as TaskCancelledError).cause)).toBe(true);
    expect((caught as TaskCancelledError).message).toBe(
      "Cannot give the value of task 'worker': it was cancelled.\nLook at 'task.outcome' where that is expected.",
    );
  });

  test("can be cancelled, and leaves the task alone then", async () => {
    const { run, host } = virtualRun();
    const values = await run(() =>
      openNursery(function* (nursery) {
        const task = nursery.startSoon(answer);
        const result = yield* moveOnAfter(5, () => task.join());
        // The end of the task comes in the middle of this, and is none of it.
        yield* sleep(20);
        return [result.cancelledCaught, host.now(), yield* task.join()];
      }),
    );
    expect(values).toEqual([true, 25, 42]);
  });

  test("refuses to wait for itself", async () => {
    const { run } = virtualRun();
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        const task: Task<void> = nursery.startSoon(
          named("narcissus", function* (): Operation<void> {
            yield* checkpoint();
            yield* task.join();
          }),
        );
      });
    const [error] = await groupedErrorsOf(run(main));
    expect(error).toBeInstanceOf(SelfJoinError);
    expect((error as Error).message).toBe(
      "Cannot join task 'narcissus' in itself: it would wait for ever.",
    );
  });
});
