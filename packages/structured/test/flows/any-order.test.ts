// What holds in whatever order the tasks of a round run: each program leaves the same trace first in, first out, and with each
// of many shuffles.
import { expect, test } from "vitest";
import {
  CancelScope,
  cancelShieldedCheckpoint,
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
} from "../../src/index.js";
import { underSeeds } from "../../src/testing/under-seeds.js";
import { virtualRun } from "../virtual-run.js";

type Log = (message: string) => void;
type Program = (log: Log) => Operation<unknown>;

const SEEDS = 30;

function* shielded<T>(body: () => Operation<T>): Operation<T> {
  const { value } = yield* new CancelScope({ shield: true }).run(body);
  return value as T;
}

/** Logs how an operation ends. */
function* noting(log: Log, name: string, operation: () => Operation<unknown>): Operation<void> {
  try {
    yield* operation();
    log(`${name}: ended`);
  } catch (error) {
    log(`${name}: ${isCancelled(error) ? "cancelled" : (error as Error).message}`);
    throw error;
  }
}

/** What is thrown, as a line: groups with their members in the order of the alphabet, for arrival is a matter of order. */
function lineOf(error: unknown): string {
  if (!(error instanceof AggregateError)) return (error as Error).message;
  return `[${error.errors.map(lineOf).toSorted().join(" ")}]`;
}

async function traceOf(program: Program, seed?: number): Promise<readonly unknown[]> {
  const { run, trace, log } = virtualRun();
  const main = named("main", () => program(log));
  try {
    await run(main, seed === undefined ? {} : { seed });
  } catch (error) {
    log(`run: ${lineOf(error)}`);
  }
  return trace.entries;
}

/** Two or more steps, each by a task of its own, that are ready in one round at an instant. */
function* together(at: number, ...steps: readonly (() => void)[]): Operation<void> {
  yield* openNursery(function* (nursery) {
    for (const step of steps) {
      nursery.startSoon(function* () {
        yield* shielded(() => sleep(at));
        step();
      });
    }
  });
}

const programs: readonly (readonly [string, Program, readonly (readonly [number, string])[]])[] = [
  [
    "a child's failure cancels body and siblings, once each, and all are in the group (T6, T8, T11)",
    function* (log) {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* sleep(10);
          throw new Error("broken");
        });
        nursery.startSoon(noting, log, "a sibling", sleepForever);
        yield* shielded(() => sleep(20));
        yield* noting(log, "the body", sleepForever);
      });
    },
    [
      [10, "a sibling: cancelled"],
      [20, "the body: cancelled"],
      [20, "run: [broken]"],
    ],
  ],
  [
    "two failures of one round are both kept, also where one of the two cancels the other (T9, T10)",
    function* () {
      const failing = function* (message: string): Operation<void> {
        yield* sleep(10);
        throw new Error(message);
      };
      yield* openNursery(function* (nursery) {
        nursery.startSoon(failing, "a");
        nursery.startSoon(failing, "b");
        nursery.startSoon(function* () {
          try {
            yield* sleepForever();
          } catch {
            throw new Error("c");
          }
        });
        yield* failing("the body");
      });
    },
    [[10, "run: [a b c the body]"]],
  ],
  [
    "a cancellation reaches grandchildren and their scopes, and stops at shields (T24)",
    function* (log) {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(() =>
          openNursery(function* (inner) {
            inner.startSoon(() => moveOnAfter(1000, () => noting(log, "grandchild", sleepForever)));
            yield* shielded(function* () {
              yield* sleep(20);
              log("shielded: ended");
            });
          }),
        );
        yield* sleep(10);
        nursery.cancelScope.cancel();
      });
    },
    [
      [10, "grandchild: cancelled"],
      [20, "shielded: ended"],
    ],
  ],
  [
    "of two scopes that are cancelled in one round the outer one catches (T27)",
    function* (log) {
      yield* openNursery(function* (nursery) {
        const scopes = [new CancelScope(), new CancelScope(), new CancelScope()] as const;
        const [outer, middle, inner] = scopes;
        nursery.startSoon(() =>
          together(
            10,
            () => middle.cancel(),
            () => inner.cancel(),
          ),
        );
        yield* outer.run(function* () {
          yield* middle.run(() => inner.run(() => noting(log, "inside", sleepForever)));
          yield* checkpoint();
        });
        log(scopes.map((scope) => scope.cancelledCaught).join());
      });
    },
    [
      [10, "inside: cancelled"],
      [10, "false,true,false"],
    ],
  ],
  [
    "an inner and an outer deadline of one instant are the outer one's (T27)",
    function* (log) {
      yield* openNursery(function* (nursery) {
        for (const name of ["a", "b"]) {
          nursery.startSoon(function* () {
            const outer = yield* moveOnAfter(10, function* () {
              yield* moveOnAfter(10, sleepForever);
              log(`${name}: the inner one caught`);
            });
            yield* shielded(() => sleep(name === "a" ? 1 : 2));
            log(`${name}: the outer one caught: ${outer.cancelledCaught}`);
          });
        }
      });
    },
    [
      [11, "a: the outer one caught: true"],
      [12, "b: the outer one caught: true"],
    ],
  ],
  [
    "a child may come while the nursery waits for the last one, and none comes after its end (T67)",
    function* (log) {
      let kept: Nursery | undefined;
      yield* openNursery(function* (nursery) {
        kept = nursery;
        nursery.startSoon(function* () {
          yield* sleep(10);
          nursery.startSoon(noting, log, "late", () => sleep(10));
        });
      });
      try {
        kept?.startSoon(sleepForever);
      } catch (error) {
        log(`too late: ${error instanceof NurseryClosedError}`);
      }
    },
    [
      [20, "late: ended"],
      [20, "too late: true"],
    ],
  ],
  [
    "start gives its value after the report, and the nursery waits for the rest (T74)",
    function* (log) {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(noting, log, "a sibling", () => sleep(15));
        const value = yield* nursery.start(function* (status: TaskStatus<string>) {
          yield* sleep(10);
          status.started("the value");
          yield* noting(log, "the rest", () => sleep(10));
        });
        log(value);
      });
      log("the nursery ends");
    },
    [
      [10, "the value"],
      [15, "a sibling: ended"],
      [20, "the rest: ended"],
      [20, "the nursery ends"],
    ],
  ],
  [
    "a caller that is cancelled in the round of the report either has the value or takes the child along (T79, T80)",
    function* (log) {
      const scope = new CancelScope();
      yield* openNursery(function* (nursery) {
        nursery.startSoon(() => together(10, () => scope.cancel()));
        let value: string | undefined;
        yield* scope.run(function* () {
          value = yield* nursery.start(function* (status: TaskStatus<string>) {
            yield* shielded(() => sleep(10));
            status.started("the value");
          });
          yield* checkpoint();
        });
        log(`${value}; caught: ${scope.cancelledCaught}`);
      });
    },
    [[10, "the value; caught: true"]],
  ],
  [
    "a child that fails after its report in a cancelled caller fails start (T81)",
    function* (log) {
      yield* openNursery(function* (nursery) {
        yield* moveOnAfter(5, () =>
          noting(log, "start", () =>
            nursery.start(function* (status: TaskStatus) {
              yield* shielded(() => sleep(10));
              status.started();
              yield* cancelShieldedCheckpoint();
              throw new Error("broken");
            }),
          ),
        );
      });
    },
    [
      [10, "start: broken"],
      [10, "run: [broken]"],
    ],
  ],
  [
    "a target that is cancelled in the round of the report cancels what the child has started (T84)",
    function* (log) {
      yield* openNursery(function* (outer) {
        yield* openNursery(function* (target) {
          outer.startSoon(function* () {
            try {
              yield* target.start(function* (status: TaskStatus) {
                yield* openNursery(function* (inner) {
                  inner.startSoon(noting, log, "the grandchild", sleepForever);
                  yield* shielded(() => sleep(10));
                  status.started();
                });
              });
            } catch (error) {
              // The target was cancelled before the report: the child moved all the same, or was too late.
              if (!(error instanceof NotStartedError)) throw error;
            }
          });
          outer.startSoon(() => together(10, () => target.cancelScope.cancel()));
          yield* sleepForever();
        });
        log("the target ends");
      });
    },
    [
      [10, "the grandchild: cancelled"],
      [10, "the target ends"],
    ],
  ],
  [
    "starts that are pending keep the nursery open, the one that fails too (T85)",
    function* (log) {
      yield* openNursery(function* (outer) {
        yield* openNursery(function* (target) {
          outer.startSoon(() =>
            target.start(function* (status: TaskStatus) {
              yield* sleep(6);
              status.started();
              yield* sleep(1);
              log("the child ends");
            }),
          );
          outer.startSoon(function* () {
            try {
              yield* target.start(function* (_status: TaskStatus) {
                yield* sleep(8);
              });
            } catch (error) {
              log(`not started: ${error instanceof NotStartedError}`);
            }
          });
          yield* checkpoint();
          yield* checkpoint();
        });
        yield* shielded(() => sleep(1));
        log("the target has ended");
      });
    },
    [
      [7, "the child ends"],
      [8, "not started: true"],
      [9, "the target has ended"],
    ],
  ],
  [
    "whoever is cancelled by a failure sees whose it was, also where it is started afterwards (T109, T110)",
    function* (log) {
      const watching = function* (name: string, after: number): Operation<void> {
        yield* shielded(() => sleep(after));
        try {
          yield* sleepForever();
        } catch (error) {
          if (isCancelled(error))
            log(`${name}: ${error.cause.task}, ${String(error.cause.reason)}`);
          throw error;
        }
      };
      yield* openNursery(function* (nursery) {
        nursery.startSoon(
          named("culprit", function* () {
            yield* sleep(10);
            throw new Error("broken");
          }),
        );
        nursery.startSoon(watching, "running", 0);
        yield* shielded(() => sleep(20));
        nursery.startSoon(watching, "late", 1);
        yield* shielded(() => sleep(5));
        yield* nursery.start(function* (_status: TaskStatus) {
          yield* watching("started late", 1);
        });
      });
    },
    [
      [10, "running: culprit, Error: broken"],
      [21, "late: culprit, Error: broken"],
      [26, "started late: culprit, Error: broken"],
      [26, "run: [broken]"],
    ],
  ],
];

test.each(programs)("%s", async (_title, program, expected) => {
  await expect(traceOf(program)).resolves.toEqual(expected);
  await underSeeds(SEEDS, async (seed) => {
    expect(await traceOf(program, seed)).toEqual(expected);
  });
});
