import {
  failure,
  InternalError,
  success,
  type Abort,
  type Outcome,
  type Wait,
} from "@trestle/host";
import { doorBehaviours, VirtualHost, type Door } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  currentTask,
  isCancelled,
  moveOnAfter,
  openNursery,
  run as runOn,
  sleep,
  type Operation,
} from "../src/index.js";
import { suspend, type WaitSource } from "../src/suspend.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualRun } from "./virtual-run.js";

/** The same wait in the form of objects. */
function asSource<T>(wait: Wait<T>): WaitSource<T> {
  return {
    arm: (waiter) => {
      const abort = wait((outcome) => waiter.resume(outcome));
      return { abort };
    },
  };
}

/** The door of the structured runtime, for waits of one form or the other. */
function structuredDoor(form: <T>(wait: Wait<T>) => Wait<T> | WaitSource<T>): Door {
  const host = new VirtualHost();
  return {
    enter: (wait) => {
      const scope = new CancelScope();
      const main = function* (): Operation<Outcome<unknown>> {
        try {
          return success(yield* suspend(form(wait), "a probe"));
        } catch (error) {
          return failure(error);
        }
      };
      const ended = runOn(() => scope.run(main), { host }).then(
        ({ value }) => value as Outcome<unknown>,
      );
      return { cancel: () => scope.cancel(), ended };
    },
    settle: () => new Promise((resolve) => void host.at(host.now() + 1000, resolve)),
  };
}

describe("the door for a Wait", () => {
  for (const { title, run } of doorBehaviours(() => structuredDoor((wait) => wait)))
    test(title, run);
});

describe("the door for a Wait in the form of objects", () => {
  for (const { title, run } of doorBehaviours(() => structuredDoor(asSource))) test(title, run);
});

/** Waits for what the test resumes. */
class Manual {
  resume: (outcome: Outcome<unknown>) => void = () => {};
  readonly wait: Wait<unknown>;
  aborted = 0;

  constructor(abort: Abort = () => "withdrawn") {
    this.wait = (resume) => {
      this.resume = resume;
      return (cancelled) => {
        this.aborted++;
        return abort(cancelled);
      };
    };
  }
}

describe("a wait", () => {
  test("is resumed with a value or an error, which appears where the task waits (TRAP-1, T12)", async () => {
    const { run, host, trace, log } = virtualRun();
    const manual = new Manual();
    await run(function* () {
      host.at(5, () => manual.resume(success("a value")));
      log(String(yield* suspend(manual.wait, "manual")));
      host.at(10, () => manual.resume(failure(new Error("an error"))));
      try {
        yield* suspend(manual.wait, "manual");
      } catch (error) {
        log((error as Error).message);
      }
    });
    expect(trace.entries).toEqual([
      [5, "a value"],
      [10, "an error"],
    ]);
  });

  test("lets the task go on in the next round only, not inside resume (GUEST-13)", async () => {
    const { run, trace, log } = virtualRun();
    const manual = new Manual();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* suspend(manual.wait, "manual");
          log("goes on");
        });
        yield* checkpoint();
        manual.resume(success());
        log("resumed");
      }),
    );
    expect(trace.messages).toEqual(["resumed", "goes on"]);
  });

  test("that is committed goes on, and the next checkpoint throws (TRAP-7, T40)", async () => {
    const { run, host, trace, log } = virtualRun();
    const manual = new Manual(() => "committed");
    host.at(20, () => manual.resume(success("late")));
    const result = await run(() =>
      moveOnAfter(10, function* () {
        log(String(yield* suspend(manual.wait, "manual")));
        yield* checkpoint();
        log("not reached");
      }),
    );
    expect(trace.entries).toEqual([[20, "late"]]);
    expect(result.cancelledCaught).toBe(true);
  });

  test("that is committed may fail with the very Cancelled later (TRAP-7, T64)", async () => {
    const { run, host } = virtualRun();
    const manual: Manual = new Manual((cancelled) => {
      host.at(20, () => manual.resume(failure(cancelled)));
      return "committed";
    });
    const result = await run(() => moveOnAfter(10, () => suspend(manual.wait, "manual")));
    expect(result.cancelledCaught).toBe(true);
    expect(host.now()).toBe(20);
  });

  test("is asked once, whatever is cancelled and shielded afterwards (TRAP-10, T65)", async () => {
    const { run, host } = virtualRun();
    const manual = new Manual(() => "committed");
    const [outer, inner] = [new CancelScope(), new CancelScope()];
    host.at(5, () => outer.cancel());
    host.at(6, () => {
      inner.shield = true;
      inner.shield = false;
    });
    host.at(7, () => inner.cancel());
    host.at(20, () => manual.resume(success()));
    await run(() => outer.run(() => inner.run(() => suspend(manual.wait, "manual"))));
    expect(manual.aborted).toBe(1);
  });

  test("that is committed may fail with the Cancelled although a shield came up meanwhile (TRAP-9, T65)", async () => {
    const { run, host, trace, log } = virtualRun();
    const [outer, inner] = [new CancelScope(), new CancelScope()];
    const manual: Manual = new Manual((cancelled) => {
      host.at(10, () => manual.resume(failure(cancelled)));
      return "committed";
    });
    host.at(5, () => outer.cancel());
    host.at(6, () => {
      inner.shield = true;
    });
    await run(() =>
      outer.run(() =>
        inner.run(function* () {
          try {
            yield* suspend(manual.wait, "manual");
          } finally {
            yield* checkpoint();
            log("passed a checkpoint behind the shield");
          }
        }),
      ),
    );
    expect(trace.entries).toEqual([[10, "passed a checkpoint behind the shield"]]);
    expect([outer.cancelledCaught, inner.cancelledCaught]).toEqual([true, false]);
  });

  test("has its abort called as the task that waits, also by a plain callback (RUN-22)", async () => {
    const { run, host } = virtualRun();
    const seen: boolean[] = [];
    const scope = new CancelScope();
    host.at(5, () => scope.cancel());
    await run(function* () {
      const task = currentTask();
      const manual = new Manual(() => {
        seen.push(currentTask() === task);
        return "withdrawn";
      });
      yield* scope.run(() => suspend(manual.wait, "manual"));
    });
    expect(seen).toEqual([true]);
  });

  test("that throws while it is armed throws there, and the task goes on", async () => {
    const { run, host } = virtualRun();
    const error = new Error("cannot arm");
    await run(function* () {
      const caught: unknown[] = [];
      try {
        yield* suspend(() => {
          throw error;
        }, "unarmable");
      } catch (thrown) {
        caught.push(thrown);
      }
      expect(caught).toEqual([error]);
      yield* sleep(10);
    });
    expect(host.now()).toBe(10);
  });

  test("that cancels its own scope while it is armed is aborted once it is (TRAP-5)", async () => {
    const { run, trace, log } = virtualRun();
    const scope = new CancelScope();
    await run(() =>
      scope.run(() =>
        suspend(() => {
          log("arming");
          scope.cancel();
          log("armed");
          return () => {
            log("aborted");
            return "withdrawn";
          };
        }, "a wait"),
      ),
    );
    expect(trace.messages).toEqual(["arming", "armed", "aborted"]);
    expect(scope.cancelledCaught).toBe(true);
  });

  test("may be waited for by two tasks with one operation, each by itself", async () => {
    const { run, host, trace, log } = virtualRun();
    const resumes: ((outcome: Outcome<unknown>) => void)[] = [];
    const operation = suspend((resume) => {
      resumes.push(resume);
      return () => "withdrawn";
    }, "manual");
    host.at(5, () => resumes.forEach((resume, index) => resume(success(index))));
    await run(() =>
      openNursery(function* (nursery) {
        for (const name of ["a", "b"]) {
          nursery.startSoon(function* () {
            log(`${name} ${String(yield* operation)}`);
          });
        }
      }),
    );
    expect(trace.entries).toEqual([
      [5, "a 0"],
      [5, "b 1"],
    ]);
  });
});

describe("a wait that breaks the laws is an InternalError", () => {
  /** Runs a wait in a scope that is cancelled after 10 ms; gives what the task got. */
  const outcomeOf = async (abort: Abort): Promise<unknown> => {
    const { run } = virtualRun();
    return rejectionOf(
      run(() => moveOnAfter(10, () => suspend(new Manual(abort).wait, "a broken thing"))),
    );
  };

  test("whose abort throws (TRAP-6)", async () => {
    const cause = new Error("of the abort");
    const error = await outcomeOf(() => {
      throw cause;
    });
    expect(error).toBeInstanceOf(InternalError);
    expect((error as InternalError).message).toBe(
      "Cannot cancel 'a broken thing': its abort failed.",
    );
    expect((error as InternalError).cause).toBe(cause);
  });

  test.each([undefined, true, "aborted"])(
    "whose abort answers %j (TRAP-6, T41)",
    async (answer) => {
      const error = await outcomeOf(() => answer as unknown as "withdrawn");
      expect(error).toBeInstanceOf(InternalError);
      expect(((error as InternalError).cause as Error).message).toMatch(
        /not "withdrawn" or "committed"$/,
      );
    },
  );

  test("that resumes twice: the second resume throws, and the task has the first outcome (TRAP-4)", async () => {
    const { run } = virtualRun();
    const manual = new Manual();
    const value = await run(() =>
      openNursery(function* (nursery) {
        const task = nursery.startSoon(() => suspend(manual.wait, "manual"));
        yield* checkpoint();
        manual.resume(success("first"));
        expect(() => manual.resume(success("second"))).toThrow(
          "Cannot resume the wait for 'manual': it has ended already.",
        );
        return yield* task.join();
      }),
    );
    expect(value).toBe("first");
  });

  test("that resumes twice while it is armed", async () => {
    const { run } = virtualRun();
    const thrown: unknown[] = [];
    const value = await run(() =>
      suspend((resume) => {
        resume(success("first"));
        try {
          resume(success("second"));
        } catch (error) {
          thrown.push(error);
        }
        return () => "withdrawn";
      }, "eager"),
    );
    expect(value).toBe("first");
    expect(thrown).toEqual([expect.any(InternalError)]);
  });

  test("that resumes after it was withdrawn, also when the same operation waits again", async () => {
    const { run } = virtualRun();
    const manual = new Manual();
    const operation = suspend(manual.wait, "manual");
    const value = await run(() =>
      openNursery(function* (nursery) {
        yield* moveOnAfter(10, () => operation);
        const late = manual.resume;
        const task = nursery.startSoon(() => operation);
        yield* checkpoint();
        expect(() => late(success("late"))).toThrow(InternalError);
        manual.resume(success("the second run's"));
        return yield* task.join();
      }),
    );
    expect(value).toBe("the second run's");
  });

  test("that resumes while it is armed and then throws: the task has the error, once", async () => {
    const { run, host } = virtualRun();
    const error = new Error("after all");
    await run(function* () {
      const thrown: unknown[] = [];
      try {
        yield* suspend((resume) => {
          resume(success());
          throw error;
        }, "undecided");
      } catch (caught) {
        thrown.push(caught);
      }
      expect(thrown).toEqual([error]);
      yield* sleep(10);
    });
    expect(host.now()).toBe(10);
  });
});

describe("a wait that resumes inside its abort", () => {
  test.each(["withdrawn", "committed"] as const)(
    "has that outcome, whatever it answers: %s",
    async (answer) => {
      const { run } = virtualRun();
      const manual: Manual = new Manual(() => {
        manual.resume(success("in time after all"));
        return answer;
      });
      const result = await run(() => moveOnAfter(10, () => suspend(manual.wait, "manual")));
      expect(result).toEqual({ cancelledCaught: false, value: "in time after all" });
    },
  );

  test("has that outcome also where it fails with the Cancelled", async () => {
    const { run } = virtualRun();
    const manual: Manual = new Manual((cancelled) => {
      expect(isCancelled(cancelled)).toBe(true);
      manual.resume(failure(cancelled));
      return "committed";
    });
    const result = await run(() => moveOnAfter(10, () => suspend(manual.wait, "manual")));
    expect(result.cancelledCaught).toBe(true);
  });
});

test("refuses what is no Wait, at the call", () => {
  expect(() => suspend(5 as never, "nothing")).toThrow("Cannot wait by 5 (number)");
  expect(() => suspend(undefined as never, "nothing")).toThrow("Cannot wait by undefined");
  expect(() => suspend({} as never, "nothing")).toThrow("Cannot wait by an Object");
});
