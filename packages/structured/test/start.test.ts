import { ExceptionGroup, WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  AlreadyStartedError,
  CancelScope,
  checkpoint,
  isCancelled,
  moveOnAfter,
  named,
  NotStartedError,
  NurseryClosedError,
  openNursery,
  sleep,
  sleepForever,
  type Nursery,
  type Operation,
  type TaskStatus,
} from "../src/index.js";
import { nodeOf } from "../src/cancel-scope.js";
import { groupedErrorsOf, rejectionOf } from "./rejection-of.js";
import { virtualRun } from "./virtual-run.js";

/** Reports after some time that it has started, and goes on for some more. */
function* server(status: TaskStatus<string>, before: number, after: number): Operation<void> {
  yield* sleep(before);
  status.started("port 80");
  yield* sleep(after);
}

/** Gives what an operation throws. */
function* errorOf(operation: () => Operation<unknown>): Operation<unknown> {
  try {
    yield* operation();
  } catch (error) {
    return error;
  }
  throw new Error("Expected an error.");
}

/** Runs a body in a shield, which makes it immune to cancellations from outside. */
function* shielded<T>(body: () => Operation<T>): Operation<T> {
  const { value } = yield* new CancelScope({ shield: true }).run(body);
  return value as T;
}

describe("a child that reports", () => {
  test("moves into the nursery, and start gives what it reported (START-1, START-2, START-4, T74)", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      yield* openNursery(function* (nursery) {
        const starting = nursery.start(server, 10, 20);
        expect(nursery.childTasks).toEqual([]);
        log(yield* starting);
        expect(nursery.childTasks.map(({ name }) => name)).toEqual(["server"]);
      });
      log("the nursery ends");
    });
    expect(trace.entries).toEqual([
      [10, "port 80"],
      [30, "the nursery ends"],
    ]);
  });

  test("is out of its caller's scopes from then on (START-3)", async () => {
    const { run, host } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        yield* moveOnAfter(15, function* () {
          yield* nursery.start(server, 10, 100);
          yield* sleepForever();
        });
      }),
    );
    expect(host.now()).toBe(110);
  });

  test("fails into the nursery from then on (T101)", async () => {
    const { run } = virtualRun();
    const error = new Error("after the report");
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        yield* nursery.start(function* (status: TaskStatus) {
          status.started();
          yield* sleep(10);
          throw error;
        });
        yield* sleepForever();
      });
    await expect(groupedErrorsOf(run(main))).resolves.toEqual([error]);
  });

  test("fails into the nursery with a group of its own, which stays whole inside the nursery's (T101)", async () => {
    const { run } = virtualRun();
    const group = new ExceptionGroup("the user's", [new Error("inside")]);
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        yield* nursery.start(function* (status: TaskStatus) {
          status.started();
          yield* sleep(10);
          throw group;
        });
        yield* sleepForever();
      });
    const errors = await groupedErrorsOf(run(main));
    expect(errors).toEqual([group]);
    expect(errors[0]).toBe(group);
  });

  test("may end right after it (START-4)", async () => {
    const { run } = virtualRun();
    const value = await run(() =>
      openNursery((nursery) =>
        nursery.start(function* (status: TaskStatus<number>) {
          status.started(7);
        }),
      ),
    );
    expect(value).toBe(7);
  });

  test("may have a plain callback report for it (START-15)", async () => {
    const { run, host } = virtualRun();
    const value = await run(() =>
      openNursery((nursery) =>
        nursery.start(function* (status: TaskStatus<string>) {
          host.at(5, () => status.started("from a callback"));
          yield* sleep(10);
        }),
      ),
    );
    expect(value).toBe("from a callback");
    expect(host.now()).toBe(10);
  });

  test("may report as a plain function, before there is an operation", async () => {
    const { run, host } = virtualRun();
    const value = await run(() =>
      openNursery((nursery) =>
        nursery.start((status: TaskStatus<number>) => {
          status.started(4);
          return sleep(5);
        }),
      ),
    );
    expect(value).toBe(4);
    expect(host.now()).toBe(5);
  });

  test("reports once; a second report is an error there (START-6, T76)", async () => {
    const { run } = virtualRun();
    let error: unknown;
    await run(() =>
      openNursery((nursery) =>
        nursery.start(function* twice(status: TaskStatus) {
          status.started();
          try {
            status.started();
          } catch (caught) {
            error = caught;
          }
        }),
      ),
    );
    expect(error).toBeInstanceOf(AlreadyStartedError);
    expect((error as Error).message).toBe("Cannot report twice that 'twice' has started.");
  });

  test("is cancelled with what it has opened, where the nursery is cancelled right then (T84)", async () => {
    const { run, trace, log } = virtualRun();
    const opener = function* (
      status: TaskStatus,
      report: (status: TaskStatus) => void,
    ): Operation<void> {
      yield* openNursery(function* (inner) {
        inner.startSoon(function* () {
          try {
            yield* sleepForever();
          } finally {
            log("the grandchild is cancelled");
          }
        });
        yield* checkpoint();
        report(status);
        log("reported");
      });
    };
    for (const order of ["after", "before"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      await run(() =>
        openNursery(function* (nursery) {
          yield* errorOf(function* () {
            yield* nursery.start(opener, (status) => {
              if (order === "before") nursery.cancelScope.cancel();
              status.started();
              if (order === "after") nursery.cancelScope.cancel();
            });
            yield* checkpoint();
          });
        }),
      );
    }
    expect(trace.messages).toEqual([
      "reported",
      "the grandchild is cancelled",
      "reported",
      "the grandchild is cancelled",
    ]);
  });
});

describe("a child that ends without a report", () => {
  test("with an error: start throws it as it is, and the nursery is not touched (START-8, T77)", async () => {
    const { run, host } = virtualRun();
    const error = new Error("before the report");
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(sleep, 20);
        const caught = yield* errorOf(() =>
          nursery.start(function* (_status: TaskStatus) {
            yield* sleep(10);
            throw error;
          }),
        );
        expect(caught).toBe(error);
      }),
    );
    expect(host.now()).toBe(20);
  });

  test("with whatever it throws, undefined too", async () => {
    const { run } = virtualRun();
    const caught: unknown[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        try {
          yield* nursery.start(function* (_status: TaskStatus) {
            throw undefined;
          });
        } catch (error) {
          caught.push(error);
        }
      }),
    );
    expect(caught).toEqual([undefined]);
  });

  test("with a group of its own: start throws that very group (START-8, T101)", async () => {
    const { run } = virtualRun();
    const group = new ExceptionGroup("the user's", [new Error("inside")]);
    const main = (): Operation<unknown> =>
      openNursery((nursery) =>
        errorOf(() =>
          nursery.start(function* (_status: TaskStatus) {
            throw group;
          }),
        ),
      );
    await expect(run(main)).resolves.toBe(group);
  });

  test("with the group of a nursery that it has opened: start takes off its own layer alone (START-8, T101)", async () => {
    const { run } = virtualRun();
    const error = new Error("inside");
    const main = (): Operation<unknown> =>
      openNursery((nursery) =>
        errorOf(() =>
          nursery.start((_status: TaskStatus) =>
            openNursery(function* () {
              yield* checkpoint();
              throw error;
            }),
          ),
        ),
      );
    const group = (await run(main)) as ExceptionGroup;
    expect(group).toBeInstanceOf(ExceptionGroup);
    expect(group.errors).toEqual([error]);
  });

  test("with an error that has a cause: it keeps it (T102)", async () => {
    const { run } = virtualRun();
    const cause = new Error("the cause");
    const main = (): Operation<unknown> =>
      openNursery((nursery) =>
        errorOf(() =>
          nursery.start(function* (_status: TaskStatus) {
            throw new Error("wrapped", { cause });
          }),
        ),
      );
    expect(((await run(main)) as Error).cause).toBe(cause);
  });

  test("normally: start throws NotStartedError, which names it and says what to call (START-5, T78)", async () => {
    const { run } = virtualRun();
    const main = (): Operation<unknown> =>
      openNursery((nursery) =>
        errorOf(() =>
          nursery.start(function* forgetful(_status: TaskStatus) {
            yield* sleep(10);
          }),
        ),
      );
    const error = await run(main);
    expect(error).toBeInstanceOf(NotStartedError);
    expect((error as Error).message).toBe(
      "Cannot start 'forgetful': it ended without having reported that it had started.\n" +
        "Its first parameter is the status; call 'status.started(value)' when it is ready.",
    );
  });

  test("normally although it was cancelled: NotStartedError as well", async () => {
    const { run } = virtualRun();
    const main = (): Operation<unknown> =>
      openNursery((nursery) =>
        moveOnAfter(10, () =>
          nursery.start(function* (_status: TaskStatus) {
            try {
              yield* sleepForever();
            } catch {
              // Swallowed, and not started.
            }
          }),
        ),
      );
    const [error] = await groupedErrorsOf(run(main));
    expect(error).toBeInstanceOf(NotStartedError);
  });
});

describe("a caller that is cancelled before the report", () => {
  test("takes the child with it, and gets Cancelled when the child has ended (START-7)", async () => {
    const { run, trace, log } = virtualRun();
    const result = await run(() =>
      openNursery((nursery) =>
        moveOnAfter(10, function* () {
          try {
            yield* nursery.start(function* (_status: TaskStatus) {
              try {
                yield* sleepForever();
              } finally {
                yield* shielded(() => sleep(5));
                log("the child ends");
              }
            });
          } catch (error) {
            log(isCancelled(error) ? "start throws Cancelled" : "start throws something else");
            throw error;
          }
        }),
      ),
    );
    expect(result.cancelledCaught).toBe(true);
    expect(trace.entries).toEqual([
      [15, "the child ends"],
      [15, "start throws Cancelled"],
    ]);
  });

  test("has the value of a report that comes then, if the child ends normally (START-10, T80, ours)", async () => {
    const { run, trace, log } = virtualRun();
    const seen: Nursery["childTasks"][] = [];
    const result = await run(() =>
      openNursery((nursery) =>
        moveOnAfter(10, function* () {
          const value = yield* nursery.start((status: TaskStatus<string>) =>
            shielded(function* () {
              yield* sleep(20);
              status.started("kept");
              seen.push(nursery.childTasks);
              yield* sleep(20);
            }),
          );
          log(value);
          yield* checkpoint();
          log("not reached");
        }),
      ),
    );
    expect(trace.entries).toEqual([[40, "kept"]]);
    expect(seen).toEqual([[]]);
    expect(result.cancelledCaught).toBe(true);
  });

  test("gets Cancelled where the child reports and is then cancelled (START-10, T79)", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope();
    await run(() =>
      openNursery((nursery) =>
        scope.run(function* () {
          scope.cancel();
          const error = yield* errorOf(() =>
            nursery.start(function* (status: TaskStatus) {
              status.started();
              yield* checkpoint();
            }),
          );
          expect(isCancelled(error)).toBe(true);
          throw error;
        }),
      ),
    );
    expect(scope.cancelledCaught).toBe(true);
  });

  test("gets the error of a child that reports and then fails (T81)", async () => {
    const { run } = virtualRun();
    const error = new Error("after the report");
    const scope = new CancelScope();
    const main = (): Operation<unknown> =>
      openNursery((nursery) =>
        scope.run(function* () {
          scope.cancel();
          return yield* errorOf(() =>
            nursery.start(function* (status: TaskStatus) {
              status.started();
              throw error;
            }),
          );
        }),
      );
    await expect(run(main)).resolves.toEqual({ cancelledCaught: false, value: error });
  });
});

describe("a nursery that is cancelled before the report", () => {
  test("takes the child with it, and start throws an error that names the nursery's task (START-13, ours)", async () => {
    const { run, trace, log } = virtualRun();
    let nursery: Nursery | undefined;
    await run(() =>
      openNursery(function* (outer) {
        outer.startSoon(
          named("owner", () =>
            openNursery(function* (target) {
              nursery = target;
              yield* sleep(10);
              target.cancelScope.cancel();
            }),
          ),
        );
        yield* checkpoint();
        const error = yield* errorOf(() =>
          (nursery as Nursery).start(function* orphan(_status: TaskStatus) {
            try {
              yield* sleepForever();
            } finally {
              yield* shielded(() => sleep(5));
              log("the child ends");
            }
          }),
        );
        expect(error).toBeInstanceOf(NotStartedError);
        log((error as Error).message.split("\n")[0] as string);
      }),
    );
    expect(trace.entries).toEqual([
      [15, "the child ends"],
      [
        15,
        "Cannot start 'orphan': the nursery of task 'owner' that it was to move into was cancelled.",
      ],
    ]);
  });

  test("is one also when a child of it has failed: nothing waits for ever (START-13)", async () => {
    const { run } = virtualRun();
    const seen: unknown[] = [];
    const main = (): Operation<void> =>
      openNursery(function* (outer) {
        yield* openNursery(function* (target) {
          outer.startSoon(function* () {
            seen.push(yield* errorOf(() => target.start(server, 1000, 0)));
          });
          target.startSoon(function* () {
            yield* sleep(10);
            throw new Error("a child of the target");
          });
        });
      });
    await rejectionOf(run(main));
    expect(seen).toEqual([expect.any(NotStartedError)]);
  });

  test("is one also when it was cancelled before start was called, as long as it is open (START-11)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.cancelScope.cancel();
        yield* shielded(function* () {
          const error = yield* errorOf(() =>
            nursery.start(function* (_status: TaskStatus) {
              log("begins");
              yield* checkpoint();
              log("not reached");
            }),
          );
          expect(error).toBeInstanceOf(NotStartedError);
        });
      }),
    );
    expect(trace.messages).toEqual(["begins"]);
  });

  test("gives the value of a report that comes then: the child moves, and is cancelled there (ours)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.cancelScope.cancel();
        yield* shielded(function* () {
          const value = yield* nursery.start(function* (status: TaskStatus<string>) {
            yield* shielded(() => sleep(10));
            status.started("reported");
            log(`moved: ${nursery.childTasks.length}`);
            try {
              yield* checkpoint();
            } finally {
              yield* shielded(() => sleep(10));
              log("the child ends");
            }
          });
          log(`start: ${value}`);
        });
      }),
    );
    expect(trace.entries).toEqual([
      [10, "moved: 1"],
      [10, "start: reported"],
      [20, "the child ends"],
    ]);
  });

  test.each(["the nursery first", "the caller first"])(
    "as well as the caller: Cancelled (%s)",
    async (order) => {
      const { run } = virtualRun();
      const scope = new CancelScope();
      await run(() =>
        openNursery(function* (outer) {
          yield* openNursery(function* (target) {
            outer.startSoon(() =>
              scope.run(function* () {
                const error = yield* errorOf(() =>
                  target.start(function* (_status: TaskStatus) {
                    try {
                      yield* sleepForever();
                    } finally {
                      yield* shielded(() => sleep(20));
                    }
                  }),
                );
                expect(isCancelled(error)).toBe(true);
                throw error;
              }),
            );
            yield* shielded(function* () {
              yield* sleep(10);
              if (order === "the caller first") scope.cancel();
              target.cancelScope.cancel();
              yield* sleep(10);
              scope.cancel();
            });
          });
        }),
      );
      expect(scope.cancelledCaught).toBe(true);
    },
  );
});

describe("a start that is pending", () => {
  test("keeps the nursery open, and when it succeeds its child does (START-12, T85)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (outer) {
        yield* openNursery(function* (target) {
          outer.startSoon(() => target.start(server, 6, 7));
          yield* checkpoint();
        });
        log("the target ends");
      }),
    );
    expect(trace.entries).toEqual([[13, "the target ends"]]);
  });

  test("keeps the nursery open until it fails (START-12, T85)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (outer) {
        yield* openNursery(function* (target) {
          outer.startSoon(function* () {
            yield* errorOf(() =>
              target.start(function* (_status: TaskStatus) {
                yield* sleep(6);
              }),
            );
          });
          yield* checkpoint();
        });
        log("the target ends");
      }),
    );
    expect(trace.entries).toEqual([[6, "the target ends"]]);
  });
});

describe("start", () => {
  test("throws at once for a nursery that is closed, without calling the function (START-11, T82)", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      let closed: Nursery | undefined;
      yield* openNursery(function* (nursery) {
        closed = nursery;
      });
      const error = yield* errorOf(() =>
        (closed as Nursery).start((_status: TaskStatus) => {
          log("called");
          return sleep(10);
        }),
      );
      expect(error).toBeInstanceOf(NurseryClosedError);
    });
    expect(trace.messages).toEqual([]);
  });

  test("throws at the call for what is no structured function", async () => {
    const { run } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const wrong = async (): Promise<void> => {};
        expect(() =>
          nursery.start(wrong as unknown as (status: TaskStatus) => Operation<void>),
        ).toThrow(WrongFlavorError);
      }),
    );
  });

  test("throws what a plain function throws, and leaves caller and nursery as they were (RUN-6)", async () => {
    const { run } = virtualRun();
    const error = new Error("before there is an operation");
    await run(() =>
      openNursery(function* (nursery) {
        const caught = yield* errorOf(() =>
          nursery.start((_status: TaskStatus) => {
            throw error;
          }),
        );
        expect(caught).toBe(error);
        expect(nodeOf(nursery.cancelScope).children()).toEqual([]);
        yield* sleep(1);
      }),
    );
  });

  test("takes functions that can also be called with a status of one's own (START-14, T75)", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      yield* openNursery(function* (nursery) {
        const status = { started: (value: string) => log(`reported ${value}`) };
        nursery.startSoon(server, status, 10, 10);
        yield* server({ started() {} }, 5, 0);
        log("called");
        log(yield* nursery.start(server, 0, 1));
      });
      log("the nursery ends");
    });
    expect(trace.entries).toEqual([
      [5, "called"],
      [5, "port 80"],
      [10, "reported port 80"],
      [20, "the nursery ends"],
    ]);
  });

  test("starts another child each time that its operation is run", async () => {
    const { run, host } = virtualRun();
    const values = await run(() =>
      openNursery(function* (nursery) {
        const starting = nursery.start(server, 10, 0);
        return [yield* starting, yield* starting];
      }),
    );
    expect(values).toEqual(["port 80", "port 80"]);
    expect(host.now()).toBe(20);
  });

  test("does nothing more for a report that comes when all is over", async () => {
    const { run } = virtualRun();
    let kept: TaskStatus | undefined;
    await run(function* () {
      yield* openNursery((nursery) =>
        errorOf(() =>
          nursery.start(function* (status: TaskStatus) {
            kept = status;
          }),
        ),
      );
      kept?.started();
      yield* checkpoint();
    });
  });
});
