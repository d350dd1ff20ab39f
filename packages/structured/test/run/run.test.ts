import { getEventListeners } from "node:events";
import {
  ArgumentError,
  DeadlockError,
  InternalError,
  WrongFlavorError,
  type Release,
  type Timer,
  type WatchedParty,
} from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  currentTask,
  currentTime,
  Event,
  fromPromise,
  isCancelled,
  named,
  openNursery,
  run,
  RunCancelledError,
  sleep,
  sleepForever,
  sleepUntil,
  type CancelledCause,
  type Operation,
  type RunOptions,
} from "../../src/index.js";
import { Clock } from "../../src/run/clock.js";
import type { Instrument } from "../../src/instrument.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

describe("what becomes of main", () => {
  test("is its value (RUN-2, GUEST-5, T1, T115)", async () => {
    const { run } = virtualRun();
    await expect(
      run(function* () {
        yield* sleep(10);
        return 42;
      }),
    ).resolves.toBe(42);
  });

  test("is its error, as it is and in no group (RUN-2, GUEST-5, T2, T115)", async () => {
    const { run } = virtualRun();
    const error = new Error("of main");
    await expect(
      rejectionOf(
        run(function* () {
          yield* sleep(10);
          throw error;
        }),
      ),
    ).resolves.toBe(error);
  });

  test("comes when all that it started has ended (RUN-13, TST-17)", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* sleep(10);
          log("the child ends");
        });
      });
      log("main ends");
    });
    log("the run has ended");
    expect(trace.entries).toEqual([
      [10, "the child ends"],
      [10, "main ends"],
      [10, "the run has ended"],
    ]);
  });

  test("is an error where main returns an operation without having run it", async () => {
    const { run } = virtualRun();
    const forgetful = function* (): Operation<unknown> {
      yield* checkpoint();
      return sleep(10);
    };
    await expect(run(forgetful)).rejects.toThrow(WrongFlavorError);
  });
});

describe("main", () => {
  test("does not begin inside the call (GUEST-4)", async () => {
    const { run, trace, log } = virtualRun();
    const ended = run(function* () {
      log("main begins");
    });
    log("called");
    await ended;
    expect(trace.messages).toEqual(["called", "main begins"]);
  });

  test("is called as the main task, so a plain function may look at the time", async () => {
    const { run, host } = virtualRun();
    await run(() => sleepUntil(currentTime() + 10));
    expect(host.now()).toBe(10);
  });

  test("throws at the call what a plain function throws (RUN-6)", () => {
    const error = new Error("before there is an operation");
    const main = (): Operation<void> => {
      throw error;
    };
    expect(() => run(main, { host: new VirtualHost() })).toThrow(error);
  });

  test("has the name of its function, else 'main' (TASK-1)", async () => {
    const { run } = virtualRun();
    const name = function* (): Operation<string> {
      return currentTask().name;
    };
    await expect(run(named("crawler", name))).resolves.toBe("crawler");
    await expect(run(() => name())).resolves.toBe("main");
  });
});

describe("several runs", () => {
  test("go on side by side, each in its own order", async () => {
    const { run, trace, log } = virtualRun();
    const loop = function* (name: string): Operation<string> {
      for (let i = 1; i <= 2; i++) {
        log(`${name} ${i}`);
        yield* sleep(10);
      }
      return name;
    };
    const ended = await Promise.all([run(() => loop("a")), run(() => loop("b"))]);
    expect(ended).toEqual(["a", "b"]);
    expect(trace.entries).toEqual([
      [0, "a 1"],
      [0, "b 1"],
      [10, "a 2"],
      [10, "b 2"],
    ]);
  });

  test("may follow one another on one host (RUN-4)", async () => {
    const { run, host } = virtualRun();
    await run(() => sleep(10));
    await run(() => sleep(10));
    expect(host.now()).toBe(20);
  });

  test("may be started inside one another, and do not share a task (RUN-3, T3)", async () => {
    const { run, trace, log } = virtualRun();
    await run(
      named("outer", function* () {
        const inner = run(
          named("inner", function* () {
            log(currentTask().name);
            yield* checkpoint();
            log(currentTask().name);
          }),
        );
        log(currentTask().name);
        yield* fromPromise(inner);
        log(currentTask().name);
      }),
    );
    expect(trace.messages).toEqual(["outer", "inner", "inner", "outer"]);
  });

  test("do not cancel one another (TST-5)", async () => {
    const { run } = virtualRun();
    const failing = run(function* () {
      throw new Error("of one run");
    });
    const other = run(function* () {
      yield* sleep(10);
      return "the other went on";
    });
    await rejectionOf(failing);
    await expect(other).resolves.toBe("the other went on");
  });
});

describe("a seed", () => {
  const order = async (seed?: number): Promise<string> => {
    const { run, trace, log } = virtualRun();
    await run(
      () =>
        openNursery(function* (nursery) {
          for (const name of "abcdef") {
            nursery.startSoon(function* () {
              log(name);
              yield* checkpoint();
              log(name.toUpperCase());
            });
          }
        }),
      seed === undefined ? {} : { seed },
    );
    return trace.messages.join("");
  };
  const seeds = Array.from({ length: 20 }, (_, seed) => seed);

  test("gives the same order each time (T248)", async () => {
    const first = await Promise.all(seeds.map((seed) => order(seed)));
    const second = await Promise.all(seeds.map((seed) => order(seed)));
    expect(second).toEqual(first);
  });

  test("gives another order for another seed, and loses nobody", async () => {
    const orders = await Promise.all(seeds.map((seed) => order(seed)));
    expect(new Set(orders).size).toBeGreaterThan(15);
    for (const each of orders) expect(each.split("").toSorted().join("")).toBe("ABCDEFabcdef");
  });

  test("shuffles within a round and never across rounds (LOOP-5, T7)", async () => {
    const orders = await Promise.all(seeds.map((seed) => order(seed)));
    for (const each of orders) expect(each).toMatch(/^[a-f]{6}[A-F]{6}$/);
  });

  test("is needed for any shuffling: without one the order is first in, first out", async () => {
    await expect(order()).resolves.toBe("abcdefABCDEF");
  });
});

describe("a deadlock", () => {
  test("ends the run with a report of every parked task and what it waits for", async () => {
    const { run } = virtualRun();
    const error = await rejectionOf(
      run(
        named("main", () =>
          openNursery(function* (nursery) {
            nursery.startSoon(named("waiter", () => new Event().wait()));
            nursery.startSoon(named("sleeper", sleepForever));
            yield* sleep(10);
          }),
        ),
      ),
    );
    expect(error).toBeInstanceOf(DeadlockError);
    expect((error as DeadlockError).parked).toEqual([
      "task 'main' waits for the end of its nursery (2 children left)",
      "task 'waiter' waits for an event",
      "task 'sleeper' waits for its cancellation (it sleeps for ever)",
    ]);
  });

  test("unwinds the tasks first, so that they clean up", async () => {
    const { run, trace, log } = virtualRun();
    const error = await rejectionOf(
      run(function* () {
        try {
          yield* sleepForever();
        } finally {
          log("cleaned up");
        }
      }),
    );
    expect(error).toBeInstanceOf(DeadlockError);
    expect(trace.messages).toEqual(["cleaned up"]);
  });

  test("does not hide an error of the unwinding", async () => {
    const { run } = virtualRun();
    const broken = new Error("of the cleanup");
    const error = await rejectionOf(
      run(function* () {
        try {
          yield* sleepForever();
        } finally {
          // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is what is shown
          throw broken;
        }
      }),
    );
    expect(error).toBe(broken);
  });

  test("leaves behind what does not unwind, and ends all the same", async () => {
    const { run } = virtualRun();
    const shielded = new CancelScope({ shield: true });
    await expect(run(() => shielded.run(() => sleepForever()))).rejects.toBeInstanceOf(
      DeadlockError,
    );
  });

  test("ends the run when the unwinding gets stuck as well", async () => {
    const { run, trace, log } = virtualRun();
    const error = await rejectionOf(
      run(function* () {
        try {
          yield* sleepForever();
        } finally {
          log("cleans up");
          yield* new CancelScope({ shield: true }).run(() => sleepForever());
        }
      }),
    );
    expect(error).toBeInstanceOf(DeadlockError);
    expect(trace.messages).toEqual(["cleans up"]);
  });

  test("is reported by Node's own loop where the process would end (GUEST-8, T123)", async () => {
    const stuck = rejectionOf(run(named("main", () => new Event().wait())));
    // What Node says when it has nothing left to do.
    await new Promise((resolve) => void setImmediate(resolve));
    process.emit("beforeExit", 0);
    const error = await stuck;
    // Other tests of this process may have left something parked.
    expect((error as DeadlockError).parked).toContain("task 'main' waits for an event");
  });

  test("is none while another run on the same host can still wake it", async () => {
    const { run } = virtualRun();
    const event = new Event();
    const waiting = run(() => event.wait());
    await run(function* () {
      yield* sleep(10);
      event.set();
    });
    await expect(waiting).resolves.toBeUndefined();
  });
});

describe("the host of a run", () => {
  class CountingHost extends VirtualHost {
    watching = 0;
    readonly pending = new Set<Timer>();

    override watch(party: WatchedParty): Release {
      const release = super.watch(party);
      this.watching++;
      return () => {
        this.watching--;
        release();
      };
    }

    override at(when: number, callback: () => void): Timer {
      const timer = super.at(when, () => {
        this.pending.delete(counted);
        callback();
      });
      const counted = {
        cancel: () => {
          this.pending.delete(counted);
          timer.cancel();
        },
      };
      this.pending.add(counted);
      return counted;
    }
  }

  test("keeps nothing of it once it has ended", async () => {
    const host = new CountingHost();
    await run(
      () =>
        openNursery(function* (nursery) {
          nursery.startSoon(sleep, 1_000_000);
          yield* sleep(10);
          expect(host.watching).toBe(1);
          nursery.cancelScope.cancel();
        }),
      { host },
    );
    expect(host.watching).toBe(0);
    expect(host.pending.size).toBe(0);
  });

  test("keeps no timer for an operation that main has left behind, driven by hand", async () => {
    const host = new CountingHost();
    await run(
      function* () {
        sleep(1_000_000)[Symbol.iterator]().next();
      },
      { host },
    );
    expect(host.pending.size).toBe(0);
  });

  test("is the platform's unless given", async () => {
    await expect(
      run(function* () {
        yield* checkpoint();
        return "done";
      }),
    ).resolves.toBe("done");
  });

  test("ends the run with an InternalError where it fails (T42)", async () => {
    const defect = new Error("the clock broke");
    class BrokenHost extends VirtualHost {
      broken = false;
      override now(): number {
        if (this.broken) throw defect;
        return super.now();
      }
    }
    const host = new BrokenHost();
    const error = await rejectionOf(
      run(
        function* () {
          yield* openNursery(function* (nursery) {
            nursery.startSoon(sleep, 10);
            yield* checkpoint();
            host.broken = true;
          });
        },
        { host },
      ),
    );
    expect(error).toBeInstanceOf(InternalError);
    expect((error as InternalError).cause).toBe(defect);
  });

  test("asks its host for no turn any more when it has failed", async () => {
    class BrokenHost extends VirtualHost {
      broken = false;
      asked = 0;
      override now(): number {
        if (this.broken) throw new Error("the clock broke");
        return super.now();
      }
      override soon(callback: () => void): void {
        if (this.broken) this.asked++;
        super.soon(callback);
      }
    }
    const host = new BrokenHost();
    const event = new Event();
    await rejectionOf(
      run(
        () =>
          openNursery(function* (nursery) {
            nursery.startSoon(() => event.wait());
            // With two that are ready each checkpoint is a round, which looks at the time.
            nursery.startSoon(checkpoint);
            yield* checkpoint();
            host.broken = true;
            yield* checkpoint();
          }),
        { host, seed: 1 },
      ),
    );
    event.set();
    await new Promise((resolve) => setImmediate(resolve));
    expect(host.asked).toBe(0);
  });
});

describe("a signal", () => {
  test("cancels main with its reason, which is the cause of the error of the run", async () => {
    const { run, host, trace, log } = virtualRun();
    const controller = new AbortController();
    const reason = new Error("the user has left");
    host.at(10, () => controller.abort(reason));
    let cause: CancelledCause | undefined;
    const error = await rejectionOf(
      run(
        function* () {
          try {
            yield* sleepForever();
          } catch (cancelled) {
            if (isCancelled(cancelled)) ({ cause } = cancelled);
            throw cancelled;
          } finally {
            yield* new CancelScope({ shield: true }).run(() => sleep(5));
            log("cleaned up");
          }
        },
        { signal: controller.signal },
      ),
    );
    expect(error).toBeInstanceOf(RunCancelledError);
    expect((error as RunCancelledError).cause).toBe(reason);
    expect(cause).toMatchObject({ kind: "explicit", reason, task: undefined });
    expect(trace.entries).toEqual([[15, "cleaned up"]]);
  });

  test("that was aborted before cancels main at its first checkpoint", async () => {
    const { run, trace, log } = virtualRun();
    const ended = run(
      function* () {
        log("begins");
        yield* checkpoint();
        log("never");
      },
      { signal: AbortSignal.abort("too late") },
    );
    await expect(ended).rejects.toMatchObject({ code: "TRESTLE_RUN_CANCELLED", cause: "too late" });
    expect(trace.messages).toEqual(["begins"]);
  });

  test("changes nothing for a main that ends with a value or an error of its own", async () => {
    const { run } = virtualRun();
    const signal = AbortSignal.abort();
    const value = function* (): Operation<string> {
      return "value";
    };
    await expect(run(value, { signal })).resolves.toBe("value");
    const broken = new Error("of the cleanup");
    const failing = function* (): Operation<void> {
      try {
        yield* sleepForever();
      } finally {
        // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is what is shown
        throw broken;
      }
    };
    await expect(rejectionOf(run(failing, { signal }))).resolves.toBe(broken);
  });

  test("has one listener, however many runs hang on it, and none when they have ended", async () => {
    const { run, host } = virtualRun();
    const { signal } = new AbortController();
    const counts: number[] = [];
    host.at(5, () => counts.push(getEventListeners(signal, "abort").length));
    await Promise.all([run(() => sleep(10), { signal }), run(() => sleep(10), { signal })]);
    expect([...counts, getEventListeners(signal, "abort").length]).toEqual([1, 0]);
  });

  test("says nothing to a run that has ended", async () => {
    const { run } = virtualRun();
    const controller = new AbortController();
    await run(() => sleep(1), { signal: controller.signal });
    controller.abort();
  });
});

describe("options", () => {
  test("that do not fit are refused at the call, by name", () => {
    const main = (): Operation<void> => sleep(1);
    expect(() => run(main, { seed: "7" as unknown as number })).toThrow(ArgumentError);
    expect(() => run(main, { clock: {} as Clock })).toThrow(ArgumentError);
    expect(() => run(main, 5 as unknown as RunOptions)).toThrow("Main takes no arguments");
  });

  test("may have a clock, which tells the time in place of the host (RUN-1, CLK-1)", async () => {
    const { run } = virtualRun();
    class Slow extends Clock {
      readonly calls: string[] = [];
      now = 1000;
      startClock(): void {
        this.calls.push("started");
      }
      currentTime(): number {
        return this.now;
      }
      deadlineToSleepTime(deadline: number): number {
        this.now = deadline;
        return 0;
      }
    }
    const clock = new Slow();
    const times = await run(
      function* () {
        const begin = currentTime();
        yield* sleep(50);
        return [begin, currentTime()];
      },
      { clock },
    );
    expect(times).toEqual([1000, 1050]);
    expect(clock.calls).toEqual(["started"]);
  });

  test("may have instruments, which see the run begin and end (INS-1)", async () => {
    const { run, trace, log } = virtualRun();
    const instrument: Instrument = {
      beforeRun: () => log("before the run"),
      afterRun: () => log("after the run"),
      taskSpawned: (task) => log(`spawned ${task.name}`),
    };
    await run(
      named("main", function* () {
        log("main");
      }),
      { instruments: [instrument, instrument] },
    );
    expect(trace.messages).toEqual(["before the run", "spawned main", "main", "after the run"]);
    const failing = (): Operation<void> => {
      throw new Error("before there is an operation");
    };
    expect(() => run(failing, { instruments: [instrument] })).toThrow(
      "before there is an operation",
    );
    expect(trace.messages.slice(4)).toEqual(["before the run", "after the run"]);
  });
});
