// A cancellation on its way: from the scope that is cancelled, down the tree past shields, to the waits, and back out to the
// scope that catches.
import { ExceptionGroup } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  isCancelled,
  moveOnAfter,
  openNursery,
  sleep,
  sleepForever,
  type Operation,
} from "../../src/index.js";
import { suspend } from "../../src/suspend.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

test("goes from the scope to each wait, through each finally, and ends at the scope", async () => {
  const { run, trace, log } = virtualRun();
  const scope = new CancelScope();
  await run(function* () {
    const result = yield* scope.run(() =>
      openNursery(function* (nursery) {
        for (const name of ["a", "b"]) {
          nursery.startSoon(function* () {
            try {
              yield* suspend(
                () => () => {
                  log(`${name}: aborted`);
                  return "withdrawn";
                },
                name,
              );
            } finally {
              log(`${name}: finally`);
            }
          });
        }
        try {
          yield* sleep(10);
          log("cancel");
          scope.cancel();
          yield* checkpoint();
        } finally {
          log("body: finally");
        }
      }),
    );
    log(`caught: ${result.cancelledCaught}`);
  });
  expect(trace.entries).toEqual([
    [10, "cancel"],
    [10, "a: aborted"],
    [10, "b: aborted"],
    [10, "a: finally"],
    [10, "b: finally"],
    [10, "body: finally"],
    [10, "caught: true"],
  ]);
});

/** Two scopes, one inside the other, around a sleep; `inFlight` runs while a Cancelled passes between the two. */
async function nested(
  before: (outer: CancelScope, inner: CancelScope) => void,
  inFlight: (outer: CancelScope, inner: CancelScope) => void = () => {},
): Promise<readonly string[]> {
  const { run, trace, log } = virtualRun();
  const [outer, inner] = [new CancelScope(), new CancelScope()];
  await run(function* () {
    yield* outer.run(function* () {
      yield* inner.run(function* () {
        try {
          before(outer, inner);
          yield* sleep(10);
        } finally {
          inFlight(outer, inner);
        }
      });
      log("between");
      yield* checkpoint();
      log("not cancelled between");
    });
  });
  const caught = [
    outer.cancelledCaught ? "outer caught" : "",
    inner.cancelledCaught ? "inner caught" : "",
  ];
  return [...trace.messages, ...caught.filter((line) => line !== "")];
}

describe("which of two cancelled scopes catches is decided at the exit (SCOPE-20)", () => {
  test("the only one", async () => {
    expect(await nested((outer) => outer.cancel())).toEqual(["outer caught"]);
    expect(await nested((_outer, inner) => inner.cancel())).toEqual([
      "between",
      "not cancelled between",
      "inner caught",
    ]);
  });

  test("the outer one, in whatever order they were cancelled (T27)", async () => {
    const innerFirst = await nested((outer, inner) => {
      inner.cancel();
      outer.cancel();
    });
    const outerFirst = await nested((outer, inner) => {
      outer.cancel();
      inner.cancel();
    });
    expect(innerFirst).toEqual(["outer caught"]);
    expect(outerFirst).toEqual(["outer caught"]);
  });

  test("the outer one, also where it is cancelled while the inner one's Cancelled flies (SCOPE-21)", async () => {
    const lines = await nested(
      (_outer, inner) => inner.cancel(),
      (outer) => outer.cancel(),
    );
    expect(lines).toEqual(["outer caught"]);
  });

  test("the inner one, where it is shielded in flight as well; the outer one's cancel hits next (SCOPE-21)", async () => {
    const lines = await nested(
      (_outer, inner) => inner.cancel(),
      (outer, inner) => {
        outer.cancel();
        inner.shield = true;
      },
    );
    expect(lines).toEqual(["between", "outer caught", "inner caught"]);
  });

  test("the inner one, also for a Cancelled that the outer one had raised (SCOPE-21)", async () => {
    const lines = await nested(
      (outer) => outer.cancel(),
      (_outer, inner) => {
        inner.cancel();
        inner.shield = true;
      },
    );
    expect(lines).toEqual(["between", "outer caught", "inner caught"]);
  });

  test("never one that is only shielded (SCOPE-21, T30)", async () => {
    const lines = await nested(
      (outer) => outer.cancel(),
      (_outer, inner) => {
        inner.shield = true;
      },
    );
    expect(lines).toEqual(["outer caught"]);
  });

  test("the middle one of three, where it and the innermost are cancelled together (T27)", async () => {
    const { run } = virtualRun();
    const scopes = [new CancelScope(), new CancelScope(), new CancelScope()] as const;
    const [outer, middle, inner] = scopes;
    await run(() =>
      outer.run(() =>
        middle.run(() =>
          inner.run(function* () {
            middle.cancel();
            inner.cancel();
            yield* checkpoint();
          }),
        ),
      ),
    );
    expect(scopes.map((scope) => scope.cancelledCaught)).toEqual([false, true, false]);
  });
});

describe("what a scope does with an error", () => {
  test("lets an error of the cleanup pass, and is not the one that caught (SCOPE-24)", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope();
    const error = new Error("of the cleanup");
    const main = function* (): Operation<void> {
      yield* scope.run(function* () {
        try {
          scope.cancel();
          yield* checkpoint();
        } finally {
          // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is what is shown
          throw error;
        }
      });
    };
    await expect(rejectionOf(run(main))).resolves.toBe(error);
    expect([scope.cancelCalled, scope.cancelledCaught]).toEqual([true, false]);
  });

  test("lets a group of errors pass untouched, the very object (T100)", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope();
    const group = new ExceptionGroup("the user's", [new Error("inside")]);
    const main = function* (): Operation<void> {
      yield* scope.run(function* () {
        scope.cancel();
        throw group;
      });
    };
    await expect(rejectionOf(run(main))).resolves.toBe(group);
    expect(scope.cancelledCaught).toBe(false);
  });

  test("drops a cancellation that nothing saw by the time the scope is left (SCOPE-25, T29)", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope();
    await run(function* () {
      const result = yield* scope.run(function* () {
        scope.cancel();
        return "value";
      });
      yield* checkpoint();
      expect(result).toEqual({ cancelledCaught: false, value: "value" });
    });
  });

  test("lets a Cancelled that was kept and thrown later pass: it belongs to nobody (SCOPE-26)", async () => {
    const { run } = virtualRun();
    let kept: unknown;
    const main = function* (): Operation<void> {
      yield* moveOnAfter(0, function* () {
        try {
          yield* checkpoint();
        } catch (error) {
          kept = error;
          throw error;
        }
      });
      yield* new CancelScope().run(function* () {
        throw kept;
      });
    };
    const error = await rejectionOf(run(main));
    expect(isCancelled(error)).toBe(true);
    expect(error).toBe(kept);
  });
});

describe("a cancellation is a state, not an event", () => {
  test("swallowing it clears nothing (SCOPE-9, T20)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      moveOnAfter(10, function* () {
        for (let i = 1; i <= 3; i++) {
          try {
            yield* sleep(10);
          } catch {
            log(`cancelled ${i}`);
          }
        }
      }),
    );
    expect(trace.entries).toEqual([
      [10, "cancelled 1"],
      [10, "cancelled 2"],
      [10, "cancelled 3"],
    ]);
  });

  test("it ends with the scope, whether it was swallowed or not", async () => {
    const { run, host } = virtualRun();
    await run(function* () {
      const result = yield* moveOnAfter(10, function* () {
        try {
          yield* sleep(100);
        } catch {
          return "swallowed";
        }
        return "slept";
      });
      expect(result.value).toBe("swallowed");
      yield* sleep(10);
    });
    expect(host.now()).toBe(20);
  });

  test("cleanup may wait behind a shield (SCOPE-12)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      moveOnAfter(10, function* () {
        try {
          yield* sleepForever();
        } finally {
          yield* new CancelScope({ shield: true }).run(() => sleep(5));
          log("cleaned up");
        }
      }),
    );
    expect(trace.entries).toEqual([[15, "cleaned up"]]);
  });
});

describe("a shield", () => {
  test("can be raised and lowered while one runs behind it (SCOPE-13, T23)", async () => {
    const { run, trace, log } = virtualRun();
    const attempt = function* (name: string): Operation<void> {
      try {
        yield* checkpoint();
        log(`${name}: passed`);
      } catch {
        log(`${name}: cancelled`);
      }
    };
    await run(() =>
      new CancelScope().run((outer) =>
        new CancelScope().run(function* (inner) {
          outer.cancel();
          yield* attempt("bare");
          inner.shield = true;
          yield* attempt("shielded");
          inner.shield = false;
          yield* attempt("bare again");
          inner.shield = true;
          yield* attempt("shielded again");
          inner.cancel();
          yield* attempt("its own cancel");
        }),
      ),
    );
    expect(trace.messages).toEqual([
      "bare: cancelled",
      "shielded: passed",
      "bare again: cancelled",
      "shielded again: passed",
      "its own cancel: cancelled",
    ]);
  });

  test("lets its own deadline and those inside it through (SCOPE-12, T23, T230)", async () => {
    const { run, host } = virtualRun();
    const shielded = new CancelScope({ shield: true, relativeDeadline: 20 });
    await run(() =>
      moveOnAfter(5, () =>
        shielded.run(function* () {
          yield* moveOnAfter(10, () => sleepForever());
          expect(host.now()).toBe(10);
          yield* sleepForever();
        }),
      ),
    );
    expect(shielded.cancelledCaught).toBe(true);
    expect(host.now()).toBe(20);
  });

  test("that is lowered wakes those who sleep behind it at once (SCOPE-13, T25)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const shielded = new CancelScope({ shield: true });
        nursery.startSoon(() =>
          shielded.run(() =>
            openNursery(function* (inner) {
              inner.startSoon(function* () {
                try {
                  yield* sleepForever();
                } finally {
                  log("woken");
                }
              });
            }),
          ),
        );
        yield* sleep(10);
        nursery.cancelScope.cancel();
        yield* new CancelScope({ shield: true }).run(() => sleep(10));
        log("lowered");
        shielded.shield = false;
      }),
    );
    expect(trace.entries).toEqual([
      [20, "lowered"],
      [20, "woken"],
    ]);
  });

  test("in the middle of two cancelled scopes lets the one inside catch (T28)", async () => {
    const { run } = virtualRun();
    const [outer, middle, inner] = [
      new CancelScope(),
      new CancelScope({ shield: true }),
      new CancelScope(),
    ];
    await run(() =>
      outer.run(function* () {
        outer.cancel();
        yield* middle.run(function* () {
          inner.cancel();
          yield* inner.run(() => checkpoint());
          yield* checkpoint();
          middle.cancel();
          yield* checkpoint();
        });
      }),
    );
    const caught = [outer, middle, inner].map((scope) => scope.cancelledCaught);
    expect(caught).toEqual([false, true, true]);
  });
});

test("a nursery that was cancelled, inside a scope that was cancelled later, passes on its error alone (SCOPE-22, T21, ours)", async () => {
  const program = async (seed?: number): Promise<readonly unknown[]> => {
    const { run, trace, log } = virtualRun();
    const outer = new CancelScope();
    const error = new Error("of the cleanup");
    let nurseryScope: CancelScope | undefined;
    const sleeper = function* (): Operation<void> {
      try {
        yield* sleepForever();
      } finally {
        log("a sleeper is cancelled");
      }
    };
    const main = function* (): Operation<void> {
      yield* outer.run(function* () {
        try {
          yield* openNursery(function* (nursery) {
            nurseryScope = nursery.cancelScope;
            nursery.startSoon(sleeper);
            nursery.startSoon(sleeper);
            nursery.startSoon(function* () {
              try {
                yield* sleepForever();
              } catch {
                throw error;
              }
            });
            yield* sleep(10);
            nursery.cancelScope.cancel();
            outer.cancel();
            yield* sleepForever();
          });
        } catch (group) {
          log(`the nursery: ${(group as ExceptionGroup).errors.join()}`);
          throw group;
        }
      });
    };
    const group = await rejectionOf(run(main, seed === undefined ? {} : { seed }));
    expect((group as ExceptionGroup).errors).toEqual([error]);
    expect([outer.cancelledCaught, nurseryScope?.cancelledCaught]).toEqual([false, false]);
    return trace.entries;
  };
  const expected = [
    [10, "a sleeper is cancelled"],
    [10, "a sleeper is cancelled"],
    [10, "the nursery: Error: of the cleanup"],
  ];
  await expect(program()).resolves.toEqual(expected);
  for (let seed = 0; seed < 10; seed++) {
    // oxlint-disable-next-line no-await-in-loop -- one after another
    await expect(program(seed)).resolves.toEqual(expected);
  }
});

describe("five thousand deep, a cancel of the outermost scope reaches the innermost and is caught there", () => {
  const DEPTH = 5000;

  const caughtAbove = async (descend: (depth: number) => Operation<void>): Promise<boolean> => {
    const { run } = virtualRun();
    const outermost = new CancelScope();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => outermost.run(() => descend(DEPTH)));
        yield* sleep(10);
        outermost.cancel();
      }),
    );
    return outermost.cancelledCaught;
  };

  test("with scopes of one task in one another (SCOPE-11, T94)", async () => {
    const descend = function* (depth: number): Operation<void> {
      if (depth === 0) yield* sleepForever();
      else yield* new CancelScope().run(() => descend(depth - 1));
    };
    await expect(caughtAbove(descend)).resolves.toBe(true);
  });

  test("with tasks that are children of one another (SCOPE-11, T94)", async () => {
    const descend = function* (depth: number): Operation<void> {
      if (depth === 0) yield* sleepForever();
      else
        yield* openNursery(function* (nursery) {
          nursery.startSoon(descend, depth - 1);
        });
    };
    await expect(caughtAbove(descend)).resolves.toBe(true);
  });
});
