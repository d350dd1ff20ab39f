import { ExceptionGroup, WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  cancelShieldedCheckpoint,
  checkpoint,
  currentTime,
  isCancelled,
  moveOnAfter,
  named,
  NurseryClosedError,
  openNursery,
  sleep,
  sleepForever,
  sleepUntil,
  type Nursery,
  type Operation,
  type Task,
} from "../src/index.js";
import { groupedErrorsOf, rejectionOf } from "./rejection-of.js";
import { virtualRun } from "./virtual-run.js";

/** Waits, and then fails. */
function* failingAfter(ms: number, error: unknown): Operation<never> {
  yield* sleep(ms);
  throw error;
}

describe("a nursery", () => {
  test("gives the value of its body, when all children have ended (NUR-11)", async () => {
    const { run, trace, log } = virtualRun();
    const value = await run(() =>
      openNursery(
        function* (nursery, a: number, b: number) {
          nursery.startSoon(function* () {
            yield* sleep(10);
            log("the child ends");
          });
          yield* sleep(5);
          log("the body ends");
          return a + b;
        },
        1,
        2,
      ),
    );
    log("the nursery ends");
    expect(value).toBe(3);
    expect(trace.entries).toEqual([
      [5, "the body ends"],
      [10, "the child ends"],
      [10, "the nursery ends"],
    ]);
  });

  test("takes children from its children, and from plain callbacks, until the last has ended (NUR-5, T67)", async () => {
    const { run, host, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const child = function* (name: string): Operation<void> {
          yield* sleep(10);
          log(name);
        };
        nursery.startSoon(function* () {
          yield* sleep(10);
          nursery.startSoon(child, "of the child");
        });
        host.at(15, () => nursery.startSoon(child, "of the callback"));
      }),
    );
    expect(trace.entries).toEqual([
      [20, "of the child"],
      [25, "of the callback"],
    ]);
  });

  test("is closed when the last child has ended after the body, too (NUR-8, T67)", async () => {
    const { run } = virtualRun();
    let left: Nursery | undefined;
    await run(() =>
      openNursery(function* (nursery) {
        left = nursery;
        nursery.startSoon(sleep, 10);
      }),
    );
    expect(left?.isClosed).toBe(true);
    expect(() => left?.startSoon(sleep, 10)).toThrow(NurseryClosedError);
  });

  test("says what it cannot do with what is no structured function", async () => {
    const { run } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        expect(() => nursery.startSoon(5 as never)).toThrow("Cannot start a child with 5 (number)");
      }),
    );
  });

  test("is closed once it has ended (NUR-8, T67)", async () => {
    const { run } = virtualRun();
    let left: Nursery | undefined;
    await run(function* () {
      yield* openNursery(function* (nursery) {
        left = nursery;
        expect(nursery.isClosed).toBe(false);
      });
      expect(left?.isClosed).toBe(true);
      expect(() => left?.startSoon(named("late", sleep), 10)).toThrow(NurseryClosedError);
      expect(() => left?.startSoon(named("late", sleep), 10)).toThrow(
        "Cannot start late (function): the nursery is closed, its block has ended.",
      );
    });
  });

  test("runs its children in its own scopes, not in those of whoever starts them (NUR-6)", async () => {
    const { run, host } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        yield* moveOnAfter(5, function* () {
          nursery.startSoon(sleep, 10);
          yield* sleepForever();
        });
      }),
    );
    expect(host.now()).toBe(10);
  });

  test("is cancelled as a whole, with its grandchildren, by its scope (NUR-2, T24)", async () => {
    const { run, host } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(() =>
          openNursery(function* (inner) {
            inner.startSoon(sleepForever);
            yield* sleepForever();
          }),
        );
        nursery.cancelScope.deadline = 10;
      }),
    );
    expect(host.now()).toBe(10);
  });

  test("lists the children that have not ended, in the order of coming (NUR-3)", async () => {
    const { run } = virtualRun();
    const names = (tasks: readonly Task<unknown>[]): string[] => tasks.map(({ name }) => name);
    await run(() =>
      openNursery(function* (nursery) {
        expect(nursery.childTasks).toEqual([]);
        nursery.startSoon(named("a", sleep), 30);
        nursery.startSoon(named("b", sleep), 10);
        nursery.startSoon(named("c", sleep), 20);
        yield* checkpoint();
        expect(names(nursery.childTasks)).toEqual(["a", "b", "c"]);
        yield* sleep(15);
        expect(names(nursery.childTasks)).toEqual(["a", "c"]);
      }),
    );
  });

  test("lets a child that starts in it when it is cancelled run to its first checkpoint (NUR-7, T22)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.cancelScope.cancel();
        nursery.startSoon(function* () {
          log("begins");
          yield* checkpoint();
          log("not reached");
        });
      }),
    );
    expect(trace.messages).toEqual(["begins"]);
  });
});

describe("the end of a nursery", () => {
  test("takes a round, also without children, and is no checkpoint (NUR-13, T73)", async () => {
    const { run, trace, log } = virtualRun();
    const outer = new CancelScope();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(() =>
          outer.run(function* () {
            outer.cancel();
            yield* openNursery(function* () {});
            log("passed the end of a nursery");
          }),
        );
        nursery.startSoon(function* () {
          log("the other task");
        });
      }),
    );
    expect(trace.messages).toEqual(["the other task", "passed the end of a nursery"]);
    expect(outer.cancelledCaught).toBe(false);
  });

  test("is not cancelled either where its child passes no checkpoint (NUR-13, CKPT-3, T73)", async () => {
    const { run, trace, log } = virtualRun();
    const outer = new CancelScope();
    await run(() =>
      outer.run(function* () {
        outer.cancel();
        yield* openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            log("the child");
            yield* cancelShieldedCheckpoint();
            log("the child ends");
          });
          log("the body ends");
        });
        log("after the nursery");
      }),
    );
    expect(trace.messages).toEqual([
      "the body ends",
      "the child",
      "the child ends",
      "after the nursery",
    ]);
    expect([outer.cancelCalled, outer.cancelledCaught]).toEqual([true, false]);
  });

  test("passes on no cancellation that all children have swallowed (NUR-12)", async () => {
    const { run, trace, log } = virtualRun();
    const result = await run(() =>
      moveOnAfter(10, function* () {
        yield* openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            try {
              yield* sleepForever();
            } catch {
              log("swallowed");
            }
          });
        });
        log("after the nursery");
        yield* checkpoint();
        log("not reached");
      }),
    );
    expect(trace.messages).toEqual(["swallowed", "after the nursery"]);
    expect(result.cancelledCaught).toBe(true);
  });

  test("throws one Cancelled, not a group, where there was nothing but an outer cancellation (NUR-17, ours)", async () => {
    const { run } = virtualRun();
    const seen: unknown[] = [];
    const result = await run(() =>
      moveOnAfter(10, function* () {
        try {
          yield* openNursery(function* (nursery) {
            for (let i = 0; i < 3; i++) nursery.startSoon(sleepForever);
            yield* sleepForever();
          });
        } catch (error) {
          seen.push(error);
          throw error;
        }
      }),
    );
    expect(seen.map(isCancelled)).toEqual([true]);
    expect(result.cancelledCaught).toBe(true);
  });

  test("throws nothing where its own scope was cancelled, and has no value then (NUR-18)", async () => {
    const { run } = virtualRun();
    await run(function* () {
      let scope: CancelScope | undefined;
      const value = yield* openNursery(function* (nursery) {
        scope = nursery.cancelScope;
        scope.cancel();
        yield* checkpoint();
        return "cut off";
      });
      expect(value).toBeUndefined();
      expect(scope?.cancelledCaught).toBe(true);
    });
  });

  test("keeps the value of a body that was not cut off, though children were", async () => {
    const { run } = virtualRun();
    const value = await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(sleepForever);
        yield* sleep(10);
        nursery.cancelScope.cancel();
        return "the body's";
      }),
    );
    expect(value).toBe("the body's");
  });
});

describe("a failure", () => {
  test("of the body comes out in a group of one, the identical error (NUR-14, T5)", async () => {
    const { run } = virtualRun();
    const error = new Error("of the body");
    const errors = await groupedErrorsOf(run(() => openNursery(() => failingAfter(0, error))));
    expect(errors).toEqual([error]);
    expect(errors[0]).toBe(error);
  });

  test("of a child comes out the same way, and cancels the body (NUR-9, T6, T11)", async () => {
    const { run, trace, log } = virtualRun();
    const error = new Error("of the child");
    const errors = await groupedErrorsOf(
      run(() =>
        openNursery(function* (nursery) {
          nursery.startSoon(failingAfter, 10, error);
          try {
            yield* sleepForever();
          } finally {
            log("the body is cancelled");
          }
        }),
      ),
    );
    expect(errors).toEqual([error]);
    expect(trace.entries).toEqual([[10, "the body is cancelled"]]);
  });

  test("cancels the other children, once each, and waits for them (NUR-9, NUR-11, T8)", async () => {
    const { run, trace, log } = virtualRun();
    const error = new Error("of a child");
    const errors = await groupedErrorsOf(
      run(() =>
        openNursery(function* (nursery) {
          nursery.startSoon(failingAfter, 10, error);
          nursery.startSoon(function* () {
            try {
              yield* sleepForever();
            } catch (cancelled) {
              log("cancelled");
              yield* new CancelScope({ shield: true }).run(() => sleep(5));
              log("cleaned up");
              throw cancelled;
            }
          });
        }),
      ),
    );
    expect(errors).toEqual([error]);
    expect(trace.entries).toEqual([
      [10, "cancelled"],
      [15, "cleaned up"],
    ]);
  });

  test("joins the others in one group, in the order of arrival (NUR-14, NUR-16, T9, T10)", async () => {
    const { run } = virtualRun();
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        nursery.startSoon(failingAfter, 10, "second");
        nursery.startSoon(failingAfter, 5, "first");
        nursery.startSoon(function* () {
          try {
            yield* sleepForever();
          } catch {
            throw "third";
          }
        });
        try {
          yield* sleep(20);
        } catch {
          yield* new CancelScope({ shield: true }).run(() => sleep(20));
          throw "fourth";
        }
      });
    await expect(groupedErrorsOf(run(main))).resolves.toEqual(["first", "third", "fourth"]);
  });

  test("keeps both where two tasks fail in one round (T10)", async () => {
    const { run } = virtualRun();
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        nursery.startSoon(failingAfter, 10, "a");
        nursery.startSoon(failingAfter, 10, "b");
      });
    await expect(groupedErrorsOf(run(main))).resolves.toEqual(["a", "b"]);
  });

  test("of a nested nursery comes out in a nested group (NUR-16, T99)", async () => {
    const { run } = virtualRun();
    const error = new Error("deep");
    const outer = await rejectionOf(
      run(() =>
        openNursery(function* (nursery) {
          nursery.startSoon(() => openNursery(() => failingAfter(0, error)));
          yield* sleepForever();
        }),
      ),
    );
    expect(outer).toBeInstanceOf(ExceptionGroup);
    const [inner] = (outer as ExceptionGroup).errors as ExceptionGroup[];
    expect(inner).toBeInstanceOf(ExceptionGroup);
    expect(inner?.errors).toEqual([error]);
    expect((outer as ExceptionGroup).flatten()).toEqual([error]);
  });

  test("of a nursery that is cancelled as well comes out in its own group inside the outer one (NUR-16, T99)", async () => {
    const { run } = virtualRun();
    const error = new Error("of the cleanup");
    const outer = (await rejectionOf(
      run(() =>
        openNursery(function* (nursery) {
          nursery.startSoon(sleepForever);
          yield* openNursery(function* (inner) {
            inner.startSoon(sleepForever);
            inner.startSoon(function* () {
              try {
                yield* sleepForever();
              } catch {
                throw error;
              }
            });
            yield* checkpoint();
            nursery.cancelScope.cancel();
          });
        }),
      ),
    )) as ExceptionGroup;
    const [inner] = outer.errors as ExceptionGroup[];
    expect(outer.errors).toHaveLength(1);
    expect(inner).toBeInstanceOf(ExceptionGroup);
    expect(inner?.errors).toEqual([error]);
  });

  test("keeps its own stack, which begins where the user's code threw (RUN-16, T87)", async () => {
    const { run } = virtualRun();
    const explode = function* explode(): Operation<void> {
      yield* sleep(1);
      throw new Error("here");
    };
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        nursery.startSoon(explode);
      });
    const [error] = (await groupedErrorsOf(run(main))) as Error[];
    expect(error?.stack?.split("\n")[1]).toMatch(/^ {4}at explode\b.*nursery\.test\.ts/);
  });

  test("of the body cancels the children, which see it once each (NUR-10, T113)", async () => {
    const { run, trace, log } = virtualRun();
    const error = new Error("of the body");
    const child = function* (name: string): Operation<void> {
      try {
        yield* sleepForever();
      } catch (cancelled) {
        log(`${name}: ${isCancelled(cancelled) && String(cancelled.cause.reason)}`);
        throw cancelled;
      }
    };
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        nursery.startSoon(child, "a");
        nursery.startSoon(child, "b");
        yield* failingAfter(10, error);
      });
    await expect(groupedErrorsOf(run(main))).resolves.toEqual([error]);
    expect(trace.entries).toEqual([
      [10, "a: Error: of the body"],
      [10, "b: Error: of the body"],
    ]);
  });

  test("is told without the Cancelleds around it, and passes a cancelled scope (SCOPE-22, T21, ours)", async () => {
    const { run } = virtualRun();
    const outer = new CancelScope();
    const error = new Error("of the cleanup");
    const main = function* (): Operation<void> {
      yield* outer.run(() =>
        openNursery(function* (nursery) {
          nursery.startSoon(sleepForever);
          nursery.startSoon(sleepForever);
          nursery.startSoon(function* () {
            try {
              yield* sleepForever();
            } catch {
              throw error;
            }
          });
          yield* checkpoint();
          nursery.cancelScope.cancel();
          outer.cancel();
        }),
      );
    };
    await expect(groupedErrorsOf(run(main))).resolves.toEqual([error]);
    expect([outer.cancelCalled, outer.cancelledCaught]).toEqual([true, false]);
  });

  test("comes out in a group also in a cancelled scope (T73)", async () => {
    const { run } = virtualRun();
    const error = new Error("of the body");
    const main = (): Operation<unknown> =>
      moveOnAfter(0, () =>
        openNursery(function* () {
          throw error;
        }),
      );
    await expect(groupedErrorsOf(run(main))).resolves.toEqual([error]);
  });

  test("that a child catches is nobody's business", async () => {
    const { run } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          try {
            yield* failingAfter(5, new Error("caught"));
          } catch {
            yield* sleep(5);
          }
        });
      }),
    );
  });

  test("of anything that can be thrown counts, undefined too (T86)", async () => {
    const { run } = virtualRun();
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        nursery.startSoon(failingAfter, 1, undefined);
      });
    await expect(groupedErrorsOf(run(main))).resolves.toEqual([undefined]);
  });

  test("of one nursery leaves the one around it open (T83)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (outer) {
        try {
          yield* openNursery(() => failingAfter(5, new Error("inner")));
        } catch {
          log("the inner one failed");
        }
        outer.startSoon(function* () {
          yield* sleep(5);
          log("the outer one goes on");
        });
      }),
    );
    expect(trace.entries).toEqual([
      [5, "the inner one failed"],
      [10, "the outer one goes on"],
    ]);
  });
});

describe("a call of startSoon that fails", () => {
  test("throws where it stands, and starts nothing (RUN-5, RUN-6)", async () => {
    const { run } = virtualRun();
    const error = new Error("before there is an operation");
    await run(() =>
      openNursery(function* (nursery) {
        const plain = (): Operation<void> => {
          throw error;
        };
        expect(() => nursery.startSoon(plain)).toThrow(error);
        expect(() => nursery.startSoon((() => undefined) as unknown as typeof checkpoint)).toThrow(
          WrongFlavorError,
        );
        expect(nursery.childTasks).toEqual([]);
        yield* checkpoint();
      }),
    );
  });

  test("is an error of the body where nobody catches it, in the nursery's group (RUN-5, T70)", async () => {
    const { run, trace, log } = virtualRun();
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          try {
            yield* sleepForever();
          } finally {
            log("the child is cancelled");
          }
        });
        yield* sleep(5);
        nursery.startSoon(sleep(10) as unknown as typeof checkpoint);
      });
    await expect(groupedErrorsOf(run(main))).resolves.toEqual([expect.any(WrongFlavorError)]);
    expect(trace.entries).toEqual([[5, "the child is cancelled"]]);
  });

  test("does not keep the nursery from ending, where a plain callback makes it", async () => {
    const { run, host } = virtualRun();
    const thrown: unknown[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(sleep, 10);
        host.at(5, () => {
          try {
            nursery.startSoon((() => 5) as unknown as typeof checkpoint);
          } catch (error) {
            thrown.push(error);
          }
        });
      }),
    );
    expect(thrown).toEqual([expect.any(WrongFlavorError)]);
    expect(host.now()).toBe(10);
  });
});

test("a plain function is called as its task, which knows the time also where no task starts it", async () => {
  const { run, host } = virtualRun();
  await run(() =>
    openNursery(function* (nursery) {
      host.at(10, () => nursery.startSoon(() => sleepUntil(currentTime() + 5)));
      yield* sleep(12);
    }),
  );
  expect(host.now()).toBe(15);
});
