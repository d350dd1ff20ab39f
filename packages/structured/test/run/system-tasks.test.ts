import { WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  ContextVar,
  isCancelled,
  named,
  openNursery,
  RunFinishedError,
  sleep,
  sleepForever,
  type CancelledCause,
  type Operation,
} from "../../src/index.js";
import { currentRunToken, spawnSystemTask } from "../../src/lowlevel.js";
import { virtualRun } from "../virtual-run.js";

describe("a system task", () => {
  test("runs beside main, takes arguments, and gives its task (SYS-1, T43)", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      const task = spawnSystemTask(
        named("adder", function* (a: number, b: number) {
          log("begins");
          yield* sleep(5);
          return a + b;
        }),
        1,
        2,
      );
      log("spawned");
      expect(task.name).toBe("adder");
      expect(yield* task.join()).toBe(3);
      log("joined");
    });
    expect(trace.entries).toEqual([
      [0, "spawned"],
      [0, "begins"],
      [5, "joined"],
    ]);
  });

  test("has the name of its function, or the one that it was given (T68)", async () => {
    const { run } = virtualRun();
    await run(function* () {
      const names = [
        spawnSystemTask(function* tick() {}),
        spawnSystemTask(named("clock", () => sleep(1))),
        spawnSystemTask(
          (
            () => () =>
              sleep(1)
          )(),
        ),
      ].map((task) => task.name);
      expect(names).toEqual(["tick", "clock", "anonymous"]);
    });
  });

  test("is in no scope of whoever spawned it (SYS-2)", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      const scope = new CancelScope();
      yield* scope.run(function* () {
        spawnSystemTask(function* () {
          yield* sleep(5);
          log("not cancelled");
        });
        scope.cancel();
        yield* sleepForever();
      });
      yield* sleep(10);
    });
    expect(trace.entries).toEqual([[5, "not cancelled"]]);
  });

  test("is cancelled when main has ended, and the run waits for it (RUN-9, RUN-14)", async () => {
    const { run, trace, log } = virtualRun();
    let cause: CancelledCause | undefined;
    const value = await run(function* () {
      spawnSystemTask(function* () {
        try {
          yield* sleepForever();
        } catch (error) {
          if (isCancelled(error)) ({ cause } = error);
          throw error;
        } finally {
          log("cleans up");
          yield* new CancelScope({ shield: true }).run(() => sleep(5));
          log("has cleaned up");
        }
      });
      yield* sleep(10);
      log("main ends");
      return "main's value";
    });
    log("the run has ended");
    expect(value).toBe("main's value");
    expect(cause).toMatchObject({ kind: "shutdown", reason: undefined, task: undefined });
    expect(trace.entries).toEqual([
      [10, "main ends"],
      [10, "cleans up"],
      [15, "has cleaned up"],
      [15, "the run has ended"],
    ]);
  });

  test("serves main while main unwinds", async () => {
    const { run, trace, log } = virtualRun();
    const scope = new CancelScope();
    await run(() =>
      scope.run(function* () {
        spawnSystemTask(function* () {
          for (;;) {
            yield* sleep(2);
            log("serves");
          }
        });
        try {
          scope.cancel();
          yield* sleepForever();
        } finally {
          yield* new CancelScope({ shield: true }).run(() => sleep(5));
          log("main has unwound");
        }
      }),
    );
    expect(trace.entries).toEqual([
      [2, "serves"],
      [4, "serves"],
      [5, "main has unwound"],
    ]);
  });

  test("may have ended before main does, and leaves main's end alone", async () => {
    const { run } = virtualRun();
    await expect(
      run(function* () {
        spawnSystemTask(() => sleep(1));
        yield* sleep(5);
        return "value";
      }),
    ).resolves.toBe("value");
  });

  test("may be cancelled by its task, which is nobody else's business", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      const task = spawnSystemTask(sleepForever);
      yield* sleep(1);
      task.cancel("enough");
      yield* sleep(1);
      log(`has ended: ${task.outcome !== undefined}`);
    });
    expect(trace.entries).toEqual([[2, "has ended: true"]]);
  });

  test("may open nurseries of its own", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      spawnSystemTask(() =>
        openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            try {
              yield* sleepForever();
            } finally {
              log("grandchild unwinds");
            }
          });
        }),
      );
      yield* sleep(1);
    });
    expect(trace.entries).toEqual([[1, "grandchild unwinds"]]);
  });

  test("has the variables that `run` was called with, not its spawner's (CTX-3, T88)", async () => {
    const { run } = virtualRun();
    const variable = new ContextVar("id", { defaultValue: "none" });
    const seen: string[] = [];
    const see = function* (): Operation<void> {
      seen.push(variable.get());
    };
    await run(function* () {
      variable.set("main's");
      spawnSystemTask(see);
      yield* sleep(1);
      const inner = run(function* () {
        variable.set("the inner main's");
        spawnSystemTask(see);
        yield* openNursery(function* () {});
      });
      variable.set("main's second");
      inner.catch(() => {});
      yield* sleep(1);
    });
    expect(seen).toEqual(["none", "main's"]);
  });

  test("throws at the call what its function throws there, and is not counted (RUN-6)", async () => {
    const { run } = virtualRun();
    const error = new Error("before there is an operation");
    await run(function* () {
      const fails = (): Operation<void> => {
        throw error;
      };
      expect(() => spawnSystemTask(fails)).toThrow(error);
      expect(() => spawnSystemTask((async () => {}) as unknown as () => Operation<void>)).toThrow(
        WrongFlavorError,
      );
    });
  });

  test("may be spawned while the others unwind, and is cancelled at its first checkpoint", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      spawnSystemTask(function* () {
        try {
          yield* sleepForever();
        } finally {
          spawnSystemTask(function* () {
            log("begins");
            yield* sleep(100);
            log("never");
          });
        }
      });
      yield* sleep(1);
    });
    expect(trace.entries).toEqual([[1, "begins"]]);
  });

  test("is refused when the last one has ended (RUN-12)", async () => {
    const { run } = virtualRun();
    const refusals: unknown[] = [];
    await run(function* () {
      const token = currentRunToken();
      spawnSystemTask(function* () {
        try {
          yield* sleepForever();
        } finally {
          // It runs when all system tasks have ended.
          token.runSoon(() => {
            try {
              spawnSystemTask(named("late", sleepForever));
            } catch (error) {
              refusals.push(error);
            }
          });
        }
      });
      yield* sleep(1);
    });
    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toBeInstanceOf(RunFinishedError);
    expect((refusals[0] as Error).message).toContain("start system task 'late'");
  });
});
