import { WrongFlavorError } from "@trestle/host";
import { Trace, VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  cancelShieldedCheckpoint,
  checkpoint,
  checkpointIfCancelled,
  currentTime,
  Event,
  moveOnAfter,
  moveOnAt,
  openNursery,
  run as runOnPlatform,
  sleep,
  sleepUntil,
  type Nursery,
  type Operation,
} from "../src/index.js";
import { virtualRun } from "./virtual-run.js";

describe("a round", () => {
  test("gives each task that is ready one turn, first in, first out (LOOP-5, LOOP-10, T7)", async () => {
    const { run, trace, log } = virtualRun();
    const loop = function* (name: string): Operation<void> {
      for (let i = 1; i <= 3; i++) {
        log(`${name}${i}`);
        yield* checkpoint();
      }
    };
    await run(() =>
      openNursery(function* (nursery) {
        for (const name of ["a", "b", "c"]) nursery.startSoon(loop, name);
      }),
    );
    expect(trace.messages).toEqual(["a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3"]);
  });

  test("never runs a child inside the call that starts it (LOOP-9)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          log("the child begins");
        });
        log("started");
        yield* checkpoint();
        log("after a round");
      }),
    );
    expect(trace.messages).toEqual(["started", "the child begins", "after a round"]);
  });

  test("leaves what becomes ready in it to the next one (LOOP-5)", async () => {
    const { run, trace, log } = virtualRun();
    const event = new Event();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* event.wait();
          log("woken");
        });
        yield* checkpoint();
        nursery.startSoon(function* () {
          event.set();
          log("set");
        });
        nursery.startSoon(function* () {
          log("same round");
          yield* checkpoint();
          log("next round");
        });
      }),
    );
    expect(trace.messages).toEqual(["set", "same round", "woken", "next round"]);
  });

  test("begins with all deadlines of the instant, then the sleepers, then the turns (LOOP-3, LOOP-8)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* sleep(10);
          log("the sleeper");
        });
        nursery.startSoon(function* () {
          const { cancelledCaught } = yield* moveOnAfter(10, () => sleep(10));
          log(`its deadline came first: ${cancelledCaught}`);
        });
        nursery.startSoon(function* () {
          yield* sleep(10);
          log("another sleeper");
        });
      }),
    );
    expect(trace.entries).toEqual([
      [10, "its deadline came first: true"],
      [10, "the sleeper"],
      [10, "another sleeper"],
    ]);
  });

  test("lets the outermost of several deadlines of one instant catch", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      const outer = yield* moveOnAt(10, function* () {
        const inner = yield* moveOnAt(10, () => sleep(20));
        log(`inner: ${inner.cancelledCaught}`);
      });
      log(`outer: ${outer.cancelledCaught}`);
    });
    expect(trace.entries).toEqual([[10, "outer: true"]]);
  });
});

describe("a task that passes no checkpoint", () => {
  /** A host whose clock can be moved while a task runs, as a computation would do it. */
  class BusyHost extends VirtualHost {
    busy = 0;

    override now(): number {
      return super.now() + this.busy;
    }
  }

  test("keeps everybody waiting, deadlines too: its own is noticed, and has cancelled nothing (LOOP-11)", async () => {
    const host = new BusyHost();
    const trace = new Trace(() => host.now());
    const result = await runOnPlatform(
      () =>
        openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            yield* sleep(10);
            trace.log("the sleeper");
          });
          yield* checkpoint();
          return yield* moveOnAfter(20, function* (scope) {
            yield* checkpointIfCancelled();
            host.busy += 50;
            trace.log(`computed; cancelled: ${scope.cancelCalled}`);
            yield* cancelShieldedCheckpoint();
            trace.log("after a round");
            return "value";
          });
        }),
      { host },
    );
    expect(trace.entries).toEqual([
      [50, "computed; cancelled: true"],
      [50, "after a round"],
      [50, "the sleeper"],
    ]);
    expect(result).toEqual({ cancelledCaught: false, value: "value" });
  });
});

test("a tick in which nobody is ready does no harm (LOOP-13)", async () => {
  const { run, host } = virtualRun();
  const scope = new CancelScope({ deadline: 10 });
  // The timer for the first deadline rings for nothing, when the deadline has been moved.
  host.at(5, () => {
    scope.deadline = 20;
  });
  const result = await run(() => scope.run(() => sleep(30)));
  expect(result.cancelledCaught).toBe(true);
  expect(host.now()).toBe(20);
});

describe("a round of a lone task", () => {
  // Each program runs twice: its last task alone at its checkpoint, whose round is then done in place, and with a companion
  // that is ready too, which makes it a round of the queue. Nobody may be able to tell.
  const inPlaceAndNot = async (
    program: (nursery: Nursery, log: (message: string) => void) => void,
  ): Promise<[inPlace: unknown, queued: unknown]> => {
    const play = async (companions: number): Promise<unknown> => {
      const { run, trace, log } = virtualRun();
      await run(() =>
        openNursery(function* (nursery) {
          program(nursery, log);
          for (let i = 0; i < companions; i++) {
            nursery.startSoon(function* () {
              for (let round = 0; round < 10; round++) yield* cancelShieldedCheckpoint();
            });
          }
        }),
      );
      return trace.entries;
    };
    return [await play(0), await play(1)];
  };

  test("sees a deadline that has come before those whom the same instant wakes", async () => {
    const [inPlace, queued] = await inPlaceAndNot((nursery, log) => {
      nursery.startSoon(function* () {
        yield* sleepUntil(currentTime());
        log("the sleeper");
      });
      nursery.startSoon(function* () {
        yield* new CancelScope().run(function* (scope) {
          scope.deadline = currentTime() - 1;
          try {
            yield* checkpoint();
          } finally {
            log("the checkpoint");
          }
        });
      });
    });
    expect(inPlace).toEqual([
      [0, "the checkpoint"],
      [0, "the sleeper"],
    ]);
    expect(queued).toEqual(inPlace);
  });

  test("goes on before those whom it wakes, and then takes turns with them", async () => {
    const [inPlace, queued] = await inPlaceAndNot((nursery, log) => {
      const event = new Event();
      nursery.startSoon(function* () {
        yield* event.wait();
        for (let i = 1; i <= 3; i++) {
          log(`woken ${i}`);
          yield* checkpoint();
        }
      });
      nursery.startSoon(function* () {
        yield* checkpoint();
        event.set();
        for (let i = 1; i <= 3; i++) {
          log(`waker ${i}`);
          yield* checkpoint();
        }
      });
    });
    expect(inPlace).toEqual([
      [0, "waker 1"],
      [0, "woken 1"],
      [0, "waker 2"],
      [0, "woken 2"],
      [0, "waker 3"],
      [0, "woken 3"],
    ]);
    expect(queued).toEqual(inPlace);
  });

  test("shares its turns with those whom the instant wakes: they come before what is due after it", async () => {
    const [inPlace, queued] = await inPlaceAndNot((nursery, log) => {
      const event = new Event();
      nursery.startSoon(function* () {
        yield* event.wait();
        log("woken by the sleeper");
      });
      nursery.startSoon(function* () {
        yield* sleepUntil(currentTime());
        log("the sleeper");
        event.set();
      });
      nursery.startSoon(function* () {
        yield* checkpoint();
        yield* sleepUntil(currentTime());
        log("the checkpoint");
      });
    });
    expect(inPlace).toEqual([
      [0, "the sleeper"],
      [0, "woken by the sleeper"],
      [0, "the checkpoint"],
    ]);
    expect(queued).toEqual(inPlace);
  });

  test("lets a child that it starts have its turn at the next checkpoint", async () => {
    const [inPlace, queued] = await inPlaceAndNot((nursery, log) => {
      nursery.startSoon(function* () {
        yield* checkpoint();
        nursery.startSoon(function* () {
          log("the child");
        });
        log("before");
        yield* checkpoint();
        log("after");
      });
    });
    expect(inPlace).toEqual([
      [0, "before"],
      [0, "the child"],
      [0, "after"],
    ]);
    expect(queued).toEqual(inPlace);
  });
});

describe("a run that stays busy", () => {
  test("keeps its order when the share of a tick cuts a round in two", async () => {
    const { run, trace, log } = virtualRun();
    const names = Array.from({ length: 1300 }, (_, i) => i);
    await run(() =>
      openNursery(function* (nursery) {
        for (const name of names) {
          nursery.startSoon(function* () {
            log(`${name}`);
            yield* checkpoint();
            log(`${name}`);
          });
        }
      }),
    );
    const round = names.map(String);
    expect(trace.messages).toEqual([...round, ...round]);
  });

  test.each([1, 2])("lets promises go on while %i tasks pass checkpoints", async (count) => {
    const { run } = virtualRun();
    let arrived = false;
    await run(() =>
      openNursery(function* (nursery) {
        yield* checkpoint();
        void Promise.resolve().then(() => {
          arrived = true;
        });
        for (let i = 0; i < count; i++) {
          nursery.startSoon(function* () {
            while (!arrived) yield* checkpoint();
          });
        }
      }),
    );
    expect(arrived).toBe(true);
  });

  test("lets the I/O of the platform in (LOOP-2, T116)", async () => {
    let arrived = false;
    setImmediate(() => {
      arrived = true;
    });
    await runOnPlatform(function* () {
      while (!arrived) yield* checkpoint();
    });
    expect(arrived).toBe(true);
  });

  test("notices deadlines, also when nothing but checkpoints is passed", async () => {
    const result = await runOnPlatform(() =>
      moveOnAfter(5, function* () {
        for (;;) yield* checkpoint();
      }),
    );
    expect(result.cancelledCaught).toBe(true);
  });

  test("is not starved by a task that wakes itself again and again", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          for (;;) {
            const event = new Event();
            event.set();
            yield* event.wait();
          }
        });
        for (let i = 1; i <= 3; i++) {
          yield* checkpoint();
          log(`turn ${i}`);
        }
        nursery.cancelScope.cancel();
      }),
    );
    expect(trace.messages).toEqual(["turn 1", "turn 2", "turn 3"]);
  });
});

describe("what a generator yields by itself", () => {
  test("is refused at that yield, and the task goes on from there (TRAP-2, T71)", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      const body = function* (): Generator<unknown, void> {
        try {
          yield Promise.resolve();
        } catch (error) {
          log(error instanceof WrongFlavorError ? "refused" : "something else");
        }
        yield* sleep(10);
        log("went on");
      };
      yield* body() as Operation<void>;
    });
    expect(trace.entries).toEqual([
      [0, "refused"],
      [10, "went on"],
    ]);
  });

  test("is refused again and again, as often as it yields", async () => {
    const { run } = virtualRun();
    const refusals = await run(function* () {
      const body = function* (): Generator<unknown, number> {
        let count = 0;
        for (let i = 0; i < 3; i++) {
          try {
            yield i;
          } catch {
            count++;
          }
        }
        return count;
      };
      return yield* body() as Operation<number>;
    });
    expect(refusals).toBe(3);
  });

  test("unwinds a nursery with a child as any error does (T72)", async () => {
    const { run, trace, log } = virtualRun();
    const main = function* (): Operation<void> {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          try {
            yield* sleep(1000);
          } finally {
            log("the child was cancelled");
          }
        });
        yield* checkpoint();
        yield* (function* (): Generator<unknown, void> {
          yield new Promise(() => {});
        })() as Operation<void>;
      });
    };
    await expect(run(main)).rejects.toThrow("1 error in the nursery of task 'main'");
    expect(trace.entries).toEqual([[0, "the child was cancelled"]]);
  });

  test("is refused also where it is the runtime's own token, taken from an operation driven by hand", async () => {
    const { run, host } = virtualRun();
    const main = function* (): Generator<unknown, string> {
      const first = sleep(10)[Symbol.iterator]().next();
      yield first.value;
      try {
        yield first.value;
      } catch (error) {
        yield* sleep(5);
        return (error as WrongFlavorError).code;
      }
      return "not refused";
    };
    await expect(run(() => main() as Operation<string>)).resolves.toBe("TRESTLE_WRONG_FLAVOR");
    expect(host.now()).toBe(15);
  });
});
