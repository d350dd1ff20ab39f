import { describe, expect, test } from "vitest";
import {
  CancelScope,
  cancelShieldedCheckpoint,
  checkpoint,
  currentTask,
  isCancelled,
  moveOnAfter,
  named,
  openNursery,
  run as runOn,
  ScopeLeftOpenError,
  sleep,
  sleepForever,
  TaskBusyError,
  type Operation,
  type Task,
  type TaskStatus,
} from "../src/index.js";
import { nodeOf } from "../src/cancel-scope.js";
import { groupedErrorsOf, rejectionOf } from "./rejection-of.js";
import { virtualRun } from "./virtual-run.js";

describe("the outcome of a task", () => {
  test("is undefined while it runs, then its value or its error", async () => {
    const { run } = virtualRun();
    const error = new Error("of the task");
    const tasks: Task<unknown>[] = [];
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        tasks.push(
          nursery.startSoon(function* () {
            yield* sleep(5);
            return "value";
          }),
          nursery.startSoon(function* () {
            yield* sleep(10);
            throw error;
          }),
          nursery.startSoon(sleepForever),
        );
        expect(tasks.map(({ outcome }) => outcome)).toEqual([undefined, undefined, undefined]);
        yield* sleep(7);
        expect(tasks.map(({ outcome }) => outcome)).toEqual([
          { ok: true, value: "value" },
          undefined,
          undefined,
        ]);
      });
    await groupedErrorsOf(run(main));
    const [, failed, cancelled] = tasks.map(({ outcome }) => outcome);
    expect(failed).toEqual({ ok: false, error });
    expect(cancelled?.ok === false && isCancelled(cancelled.error)).toBe(true);
  });
});

describe("the name of a task", () => {
  test("is that of its function, or 'anonymous' (TASK-1, T68)", async () => {
    const { run } = virtualRun();
    const names = await run(() =>
      openNursery(function* (nursery) {
        const tasks = [
          nursery.startSoon(sleep, 1),
          nursery.startSoon(() => sleep(1)),
          nursery.startSoon(named("x", sleep), 1),
        ];
        return tasks.map(({ name }) => name);
      }),
    );
    expect(names).toEqual(["sleep", "anonymous", "x"]);
  });
});

describe("cancel of a task", () => {
  test("ends it alone: its nursery and the others go on, and nobody gets an error", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const task = nursery.startSoon(function* () {
          try {
            yield* sleepForever();
          } finally {
            log("cancelled");
          }
        });
        nursery.startSoon(function* () {
          yield* sleep(20);
          log("the other went on");
        });
        yield* sleep(10);
        task.cancel("enough");
        log("returned at once");
        yield* sleep(5);
        const error = task.outcome?.ok === false ? task.outcome.error : undefined;
        expect(isCancelled(error) && error.cause).toMatchObject({
          kind: "explicit",
          reason: "enough",
          task: "main",
        });
      }),
    );
    expect(trace.entries).toEqual([
      [10, "returned at once"],
      [10, "cancelled"],
      [20, "the other went on"],
    ]);
  });

  test("reaches into the scopes and nurseries that it has entered, and what it started there", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const scope = new CancelScope();
        const task = nursery.startSoon(() =>
          scope.run(() =>
            openNursery(function* (inner) {
              inner.startSoon(function* () {
                try {
                  yield* sleepForever();
                } finally {
                  log("the grandchild");
                }
              });
            }),
          ),
        );
        yield* sleep(10);
        task.cancel();
        yield* sleep(10);
        expect(task.outcome?.ok).toBe(false);
        expect(scope.cancelledCaught).toBe(false);
      }),
    );
    expect(trace.entries).toEqual([[10, "the grandchild"]]);
  });

  test("stops at a shield, as any cancellation does", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const task = nursery.startSoon(function* () {
          yield* new CancelScope({ shield: true }).run(() => sleep(20));
          log("behind its shield");
          yield* checkpoint();
          log("not reached");
        });
        yield* sleep(10);
        task.cancel();
      }),
    );
    expect(trace.entries).toEqual([[20, "behind its shield"]]);
  });

  test("before its first turn lets it run to its first checkpoint", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const task = nursery.startSoon(function* () {
          log("begins");
          yield* checkpoint();
          log("not reached");
        });
        task.cancel();
      }),
    );
    expect(trace.messages).toEqual(["begins"]);
  });

  test("does nothing to one that has ended, and the first reason stays", async () => {
    const { run } = virtualRun();
    const task = await run(() =>
      openNursery(function* (nursery) {
        const ended = nursery.startSoon(function* () {
          return "value";
        });
        yield* checkpoint();
        ended.cancel();
        expect(ended.outcome).toEqual({ ok: true, value: "value" });
        expect(nodeOf(nursery.cancelScope).children()).toEqual([]);
        const task = nursery.startSoon(sleepForever);
        task.cancel("first");
        task.cancel("second");
        return task;
      }),
    );
    expect(String(task.outcome?.ok === false && task.outcome.error)).toContain('"first"');
  });

  test("does not hide that its nursery was cancelled from outside as well", async () => {
    const { run, trace, log } = virtualRun();
    const outer = new CancelScope();
    await run(() =>
      outer.run(function* () {
        yield* openNursery(function* (nursery) {
          const task = nursery.startSoon(sleepForever);
          yield* checkpoint();
          task.cancel();
          outer.cancel();
        });
        log("not reached");
      }),
    );
    expect(trace.messages).toEqual([]);
    expect(outer.cancelledCaught).toBe(true);
  });

  test("lets an error of its cleanup go to the nursery", async () => {
    const { run } = virtualRun();
    const error = new Error("of the cleanup");
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        const task = nursery.startSoon(function* () {
          try {
            yield* sleepForever();
          } catch {
            throw error;
          }
        });
        yield* checkpoint();
        task.cancel();
      });
    await expect(groupedErrorsOf(run(main))).resolves.toEqual([error]);
  });

  test("ends a child of start in whichever nursery it is by then", async () => {
    const { run, host } = virtualRun();
    const tasks: Task<unknown>[] = [];
    const server = function* (status: TaskStatus): Operation<void> {
      tasks.push(currentTask());
      yield* sleep(5);
      status.started();
      yield* sleepForever();
    };
    await run(() =>
      openNursery(function* (nursery) {
        yield* nursery.start(server);
        yield* sleep(5);
        tasks[0]?.cancel();
      }),
    );
    expect(host.now()).toBe(10);
    expect(tasks[0]?.outcome?.ok).toBe(false);
  });

  test("of a child of start before it has reported is a NotStartedError of start", async () => {
    const { run } = virtualRun();
    const main = (): Operation<void> =>
      openNursery((nursery) =>
        nursery.start(function* (_status: TaskStatus) {
          currentTask().cancel();
          yield* checkpoint();
        }),
      );
    const [error] = await groupedErrorsOf(run(main));
    expect((error as Error).name).toBe("NotStartedError");
  });

  test("of main ends the run with Cancelled", async () => {
    const { run } = virtualRun();
    const error = await rejectionOf(
      run(function* () {
        currentTask().cancel();
        yield* checkpoint();
      }),
    );
    expect(isCancelled(error)).toBe(true);
  });

  test("of the owner of a nursery cancels the children, and the owner waits for them", async () => {
    const { run, host } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const owner = nursery.startSoon(() =>
          openNursery(function* (inner) {
            inner.startSoon(function* () {
              try {
                yield* sleepForever();
              } finally {
                yield* new CancelScope({ shield: true }).run(() => sleep(5));
              }
            });
          }),
        );
        yield* sleep(10);
        owner.cancel();
      }),
    );
    expect(host.now()).toBe(15);
  });
});

describe("an operation that is driven by hand", () => {
  test("makes the task busy: the next operation is refused in words", async () => {
    const { run } = virtualRun();
    const error = await rejectionOf(
      run(
        named("main", function* () {
          sleep(10)[Symbol.iterator]().next();
          yield* sleep(10);
        }),
      ),
    );
    expect(error).toBeInstanceOf(TaskBusyError);
    expect((error as Error).message).toBe(
      "Cannot run another operation in task 'main': it waits already.\n" +
        "Run operations by 'yield*' only; do not call 'next' on them.",
    );
  });

  test.each<[string, () => Operation<unknown>]>([
    ["a sleep", () => sleep(10)],
    ["a checkpoint", () => cancelShieldedCheckpoint()],
  ])("does not touch a task that has ended by then: %s", async (_name, operation) => {
    const { run, host } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const task = nursery.startSoon(function* () {
          operation()[Symbol.iterator]().next();
          return "value";
        });
        yield* sleep(20);
        expect(task.outcome).toEqual({ ok: true, value: "value" });
        expect(nursery.childTasks).toEqual([]);
      }),
    );
    expect(host.now()).toBe(20);
  });

  test("is found out also where it is spread", async () => {
    const { run } = virtualRun();
    const spread = function* (): Operation<unknown> {
      return [...(sleep(10) as Iterable<unknown>)];
    };
    await expect(run(spread)).rejects.toBeInstanceOf(TaskBusyError);
  });

  test("leaves a scope open, which is reported with the names of task and scope (SCOPE-31, TRAP-14)", async () => {
    const { run } = virtualRun();
    const main = function* (): Operation<void> {
      const scope = new CancelScope({ name: "left" });
      scope
        .run(() => sleep(10))
        [Symbol.iterator]()
        .next();
    };
    const error = await rejectionOf(run(named("main", main)));
    expect(error).toBeInstanceOf(ScopeLeftOpenError);
    expect((error as Error).message).toBe(
      "Cannot end task 'main' properly: it left scope 'left' open.\n" +
        "To see where, run it with 'instruments: [tracePlaces()]'.\n" +
        "Run operations by 'yield*' only; do not call 'next' on them.",
    );
  });

  test("does not hide, by an open scope, the error that ends the task", async () => {
    const { run } = virtualRun();
    const error = new Error("of main");
    const main = function* (): Operation<void> {
      new CancelScope()
        .run(() => sleep(10))
        [Symbol.iterator]()
        .next();
      throw error;
    };
    await expect(rejectionOf(run(main))).resolves.toBe(error);
  });

  test("leaves a nursery open, whose children are cancelled (SCOPE-32, TRAP-14, T35)", async () => {
    const { run, trace, log } = virtualRun();
    const main = function* (): Operation<void> {
      const child = function* (): Operation<void> {
        try {
          yield* sleepForever();
        } finally {
          log("the child is cancelled");
        }
      };
      const left = openNursery(function* (nursery) {
        nursery.startSoon(child);
        yield* sleepForever();
      });
      left[Symbol.iterator]().next();
    };
    const outer = (): Operation<void> =>
      openNursery(function* (nursery) {
        nursery.startSoon(main);
      });
    const [error] = await groupedErrorsOf(run(outer));
    expect(error).toBeInstanceOf(ScopeLeftOpenError);
    expect(trace.messages).toEqual(["the child is cancelled"]);
  });
});

test("tasks are told apart by identity (TASK-6)", async () => {
  const { host } = virtualRun();
  const same = await runOn(
    () =>
      openNursery(function* (nursery) {
        const seen: Task<unknown>[] = [];
        const task = nursery.startSoon(function* () {
          seen.push(currentTask());
          yield* moveOnAfter(10, () => checkpoint());
          seen.push(currentTask());
        });
        yield* task.join();
        return seen.every((each) => each === task) && currentTask() !== task;
      }),
    { host },
  );
  expect(same).toBe(true);
});
