import { DeadlockError, type ExceptionGroup, WrongFlavorError } from "@trestle/host";
import {
  CancelledError,
  createTask,
  currentTask,
  EventLoop,
  getRunningLoop,
  LoopClosedError,
  NoLoopError,
  run as runLoop,
  sleep as loopSleep,
  TimeoutError,
  waitFor,
} from "@trestle/loop";
import {
  CancelScope,
  currentTask as currentStructuredTask,
  Event,
  moveOnAfter,
  named,
  openNursery,
  RunCancelledError,
  sleep,
  sleepForever,
  type Operation,
} from "@trestle/structured";
import { Trace, VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  asStructured,
  currentFlavor,
  currentLoop,
  NoHostedLoopError,
  run as runBridge,
  runAsync,
  runInLoop,
  runStructured,
} from "../src/index.js";
import { requireLoopOfCrossing } from "../src/current-loop.js";
import { rejectionOf } from "./rejection-of.js";

/** A program of the loop flavor on virtual time. */
function virtualLoop(): {
  host: VirtualHost;
  trace: Trace;
  log: (message: string) => void;
  run: <T>(main: () => Promise<T>) => Promise<T>;
} {
  const host = new VirtualHost();
  const trace = new Trace(() => host.now());
  return { host, trace, log: trace.log, run: (main) => runLoop(main, { host }) };
}

describe("a structured run in a loop", () => {
  test("takes its time and its turns from the loop, beside the loop's tasks", async () => {
    const { run, log, trace } = virtualLoop();
    await run(async () => {
      const beside = createTask(async () => {
        for (let i = 0; i < 3; i++) {
          await loopSleep(10);
          log("loop");
        }
      });
      const corner = runInLoop(() =>
        openNursery(function* (nursery) {
          for (const ms of [5, 15]) {
            nursery.startSoon(function* () {
              yield* sleep(ms);
              log(`child ${ms}`);
            });
          }
        }),
      );
      await corner;
      log("corner done");
      await beside;
    });
    expect(trace.entries).toEqual([
      [5, "child 5"],
      [10, "loop"],
      [15, "child 15"],
      [15, "corner done"],
      [20, "loop"],
      [30, "loop"],
    ]);
  });

  test("gives main's value, or throws main's own error as it is", async () => {
    const { run } = virtualLoop();
    const error = new Error("of main");
    await run(async () => {
      expect(
        await runInLoop(function* () {
          yield* sleep(1);
          return 5;
        }),
      ).toBe(5);
      const failing = function* (): Operation<void> {
        throw error;
      };
      expect(await rejectionOf(runInLoop(failing))).toBe(error);
      const group = await rejectionOf(runInLoop(() => openNursery(failing)));
      expect((group as ExceptionGroup).errors).toEqual([error]);
    });
  });

  test("is a task of the loop, with main's name", async () => {
    const { run } = virtualLoop();
    await run(async () => {
      const corner = runInLoop(
        named("corner", function* () {
          yield* sleep(1);
          return currentStructuredTask().name;
        }),
      );
      expect(corner.describe()).toBe("task 'corner'");
      expect(await corner).toBe("corner");
    });
  });

  test("does not run in the loop task that has made it, and keeps the rest of its context", async () => {
    const { run } = virtualLoop();
    await run(async () => {
      await runInLoop(function* () {
        expect(currentTask()).toBeUndefined();
        expect(getRunningLoop()).toBeDefined();
        expect(currentFlavor()).toBe("structured");
        yield* sleep(1);
        expect(currentTask()).toBeUndefined();
      });
      expect(currentFlavor()).toBe("loop");
    });
  });

  test("may be started by a plain callback, and in a loop that is named and runs later", async () => {
    const host = new VirtualHost();
    const loop = new EventLoop({ host });
    const corner = runInLoop(() => sleep(5), { loop });
    expect(host.now()).toBe(0);
    await loop.runUntilComplete(corner);
    let inCallback: Promise<void> | undefined;
    loop.callSoon(() => {
      inCallback = runInLoop(() => sleep(5));
      void inCallback.finally(() => loop.stop());
    });
    await loop.runForever();
    await inCallback;
    expect(host.now()).toBe(10);
    await loop.close();
  });

  test("pauses while the loop stands still, and goes on with it", async () => {
    const host = new VirtualHost();
    const trace = new Trace(() => host.now());
    const loop = new EventLoop({ host });
    const corner = runInLoop(
      function* () {
        for (let i = 0; i < 4; i++) {
          yield* sleep(10);
          trace.log("tick");
        }
      },
      { loop },
    );
    await loop.runUntilComplete(() => loopSleep(15));
    trace.log("stands still");
    await loop.runUntilComplete(corner);
    await loop.close();
    expect(trace.entries).toEqual([
      [10, "tick"],
      [15, "stands still"],
      [20, "tick"],
      [30, "tick"],
      [40, "tick"],
    ]);
  });

  test("takes the options of a run", async () => {
    const { run } = virtualLoop();
    await run(async () => {
      const controller = new AbortController();
      const corner = runInLoop(() => sleepForever(), { signal: controller.signal });
      await loopSleep(1);
      controller.abort("enough");
      const error = await rejectionOf(corner);
      expect(error).toBeInstanceOf(RunCancelledError);
      expect((error as Error).cause).toBe("enough");
    });
  });
});

describe("cancelling the loop task", () => {
  test("cancels main, and waits until the run has ended", async () => {
    const { run, log, trace } = virtualLoop();
    await run(async () => {
      const corner = runInLoop(function* () {
        try {
          yield* sleepForever();
        } finally {
          yield* new CancelScope({ shield: true }).run(() => sleep(5));
          log("cleaned up");
        }
      });
      await loopSleep(10);
      expect(corner.cancel("enough")).toBe(true);
      expect([corner.done(), corner.cancelled()]).toEqual([false, false]);
      const error = await rejectionOf(corner);
      log((error as Error).message);
      expect(error).toBeInstanceOf(CancelledError);
      expect(corner.cancelled()).toBe(true);
      expect(corner.cancel()).toBe(false);
    });
    expect(trace.entries).toEqual([
      [15, "cleaned up"],
      [15, "enough"],
    ]);
  });

  test("of the task that awaits it does the same", async () => {
    const { run, log, trace } = virtualLoop();
    await run(async () => {
      const waiting = createTask(async () => {
        try {
          await runInLoop(function* () {
            try {
              yield* sleepForever();
            } finally {
              log("unwound");
            }
          });
        } catch (error) {
          log((error as Error).name);
          throw error;
        }
      });
      await loopSleep(10);
      waiting.cancel();
      await rejectionOf(waiting);
      expect(waiting.cancelled()).toBe(true);
    });
    expect(trace.entries).toEqual([
      [10, "unwound"],
      [10, "CancelledError"],
    ]);
  });

  test("before it has begun: main never runs", async () => {
    const { run, trace, log } = virtualLoop();
    await run(async () => {
      const corner = runInLoop(function* () {
        log("begun");
      });
      corner.cancel();
      expect(await rejectionOf(corner)).toBeInstanceOf(CancelledError);
    });
    expect(trace.messages).toEqual([]);
  });

  test.each<[string, () => Operation<string>, unknown]>([
    [
      "a value wins",
      function* () {
        yield* new CancelScope({ shield: true }).run(() => sleep(20));
        return "done all the same";
      },
      "done all the same",
    ],
    [
      "an error wins",
      function* () {
        try {
          yield* sleepForever();
        } finally {
          // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is what is shown
          throw new Error("of the cleanup");
        }
      },
      new Error("of the cleanup"),
    ],
  ])("%s", async (_title, main, expected) => {
    const { run } = virtualLoop();
    await run(async () => {
      const corner = runInLoop(main);
      await loopSleep(10);
      corner.cancel();
      await loopSleep(1);
      // Once more is the same.
      corner.cancel();
      expect(await corner.catch((error: unknown) => error)).toEqual(expected);
    });
  });

  test.each([0, 1, 2, 3, 4, 5])("at each await leaves nothing behind (%i ms)", async (ms) => {
    const { run, log, trace } = virtualLoop();
    await run(async () => {
      const corner = runInLoop(function* () {
        try {
          yield* sleep(1);
          yield* openNursery(function* (nursery) {
            nursery.startSoon(sleep, 2);
            yield* runAsync(loopSleep, 1);
          });
          yield* sleep(1);
        } finally {
          log("unwound");
        }
      });
      await loopSleep(ms);
      corner.cancel();
      await rejectionOf(corner.then(() => Promise.reject(new Error("done"))));
      log("out");
    });
    expect(trace.entries).toEqual([
      [Math.min(ms, 4), "unwound"],
      [ms, "out"],
    ]);
  });

  test("comes from waitFor, too, which waits for the unwinding", async () => {
    const { run, host } = virtualLoop();
    await run(async () => {
      const corner = runInLoop(function* () {
        try {
          yield* sleepForever();
        } finally {
          yield* new CancelScope({ shield: true }).run(() => sleep(5));
        }
      });
      expect(await rejectionOf(waitFor(corner, 10))).toBeInstanceOf(TimeoutError);
    });
    expect(host.now()).toBe(15);
  });

  test("at the end of the loop's own run: it is waited for", async () => {
    const { run, log, trace } = virtualLoop();
    await run(async () => {
      void runInLoop(function* () {
        try {
          yield* sleepForever();
        } finally {
          yield* new CancelScope({ shield: true }).run(() => sleep(5));
          log("cleaned up");
        }
      });
      await loopSleep(1);
    });
    log("over");
    expect(trace.entries).toEqual([
      [6, "cleaned up"],
      [6, "over"],
    ]);
  });
});

describe("inside", () => {
  test("calls across go to the loop, and back, however deep", async () => {
    const { run, log, trace } = virtualLoop();
    const down = async (depth: number): Promise<number> => {
      await loopSleep(1);
      return depth === 0 ? 0 : 1 + (await runStructured(up, depth - 1));
    };
    function* up(depth: number): Operation<number> {
      yield* sleep(1);
      return 1 + (yield* runAsync(down, depth));
    }
    await run(async () => {
      const outer = getRunningLoop();
      const where = async (): Promise<boolean> => getRunningLoop() === outer;
      expect(await runInLoop(() => runAsync(where))).toBe(true);
      log(String(await runInLoop(() => up(10))));
    });
    expect(trace.entries).toEqual([[22, "21"]]);
  });

  test("a cancellation goes through a sandwich, both ways", async () => {
    const { run, log, trace } = virtualLoop();
    const middle = async (): Promise<void> => {
      try {
        await runStructured(function* () {
          try {
            yield* sleepForever();
          } catch (error) {
            log(`innermost: ${(error as Error).name}`);
            throw error;
          }
        });
      } catch (error) {
        log(`middle: ${(error as Error).name}`);
        throw error;
      }
    };
    await run(async () => {
      await runInLoop(function* () {
        const { cancelledCaught } = yield* moveOnAfter(10, () => runAsync(middle));
        log(`outermost: ${cancelledCaught}`);
      });
    });
    expect(trace.entries).toEqual([
      [10, "innermost: Cancelled"],
      [10, "middle: CancelledError"],
      [10, "outermost: true"],
    ]);
  });

  test("loop code may call structured functions as long as there is a run", async () => {
    const { run } = virtualLoop();
    await run(async () => {
      expect(() => runStructured(sleep, 1)).toThrow(NoHostedLoopError);
      const corner = runInLoop(() => sleep(5));
      await runStructured(sleep, 1);
      await corner;
      await loopSleep(0);
      expect(() => runStructured(sleep, 1)).toThrow(NoHostedLoopError);
    });
  });

  test("the current loop is known to crossings, and is none of the bridge's", async () => {
    const { run } = virtualLoop();
    await run(async () => {
      const loop = getRunningLoop();
      await runInLoop(function* () {
        expect(requireLoopOfCrossing("look")).toBe(loop);
        expect(currentLoop()).toBeUndefined();
      });
    });
  });

  test("of a loop of openLoop it is the bridge's", async () => {
    const host = new VirtualHost();
    await runBridge(
      function* (loop) {
        yield* asStructured(async () => {
          await runInLoop(function* () {
            expect(currentLoop()).toBe(loop);
            yield* sleep(5);
          });
        })();
      },
      { host, queueLength: 1 },
    );
    expect(host.now()).toBe(5);
  });
});

describe("a deadlock", () => {
  test("is reported with the lines of both, and unwinds the run first", async () => {
    const { run, log, trace } = virtualLoop();
    const stuck = named("corner", function* () {
      try {
        yield* new Event().wait();
      } finally {
        yield* new CancelScope({ shield: true }).run(() => sleep(5));
        log("cleaned up");
      }
    });
    const error = await rejectionOf(
      run(async function main() {
        try {
          await runInLoop(stuck);
        } finally {
          log("main unwinds");
        }
      }),
    );
    expect(error).toBeInstanceOf(DeadlockError);
    expect((error as DeadlockError).parked.toSorted()).toEqual([
      "task 'corner' waits for an event",
      "task 'corner' waits for the end of the run of 'corner'",
      "task 'main' waits for task 'corner'",
    ]);
    expect(trace.messages).toEqual(["cleaned up", "main unwinds"]);
  });

  test("of a run that does not unwind ends all the same", async () => {
    const { run } = virtualLoop();
    const stubborn = (): Operation<unknown> =>
      new CancelScope({ shield: true }).run(() => new Event().wait());
    expect(await rejectionOf(run(async () => void (await runInLoop(stubborn))))).toBeInstanceOf(
      DeadlockError,
    );
  });

  test("is none while something else of the loop goes on", async () => {
    const { run, host } = virtualLoop();
    await run(async () => {
      const event = new Event();
      getRunningLoop().callLater(10, () => event.set());
      await runInLoop(() => event.wait());
    });
    expect(host.now()).toBe(10);
  });
});

describe("what is refused", () => {
  test("a function of the loop flavor, at the call (trio-asyncio 2.24)", async () => {
    const { run } = virtualLoop();
    await run(async () => {
      for (const wrong of [async () => {}, async function* () {}, Promise.resolve(), 5, undefined])
        expect(() => runInLoop(wrong as unknown as () => Operation<void>)).toThrow(
          WrongFlavorError,
        );
    });
  });

  test("a function that gives no operation, through the task", async () => {
    const { run } = virtualLoop();
    await run(async () => {
      const wrong = (() => 5) as unknown as () => Operation<void>;
      expect(await rejectionOf(runInLoop(wrong))).toBeInstanceOf(WrongFlavorError);
    });
  });

  test("a call where no loop runs, and one in structured code", async () => {
    expect(() => runInLoop(() => sleep(1))).toThrow(NoLoopError);
    const { run } = virtualLoop();
    await run(async () => {
      await runInLoop(function* () {
        expect(() => runInLoop(() => sleep(1))).toThrow(
          /^Cannot run a structured function in the event loop: this is structured code\./,
        );
      });
    });
  });

  test("a loop that has closed", async () => {
    const loop = new EventLoop({ host: new VirtualHost() });
    await loop.close();
    expect(() => runInLoop(() => sleep(1), { loop })).toThrow(LoopClosedError);
  });
});

test("a loop that is closed under a run leaves it behind, and waking it throws nothing", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const event = new Event();
  const corner = runInLoop(() => event.wait(), { loop });
  await loop.runUntilComplete(() => loopSleep(1));
  await loop.close();
  expect(() => event.set()).not.toThrow();
  expect(corner.exception()).toBeInstanceOf(LoopClosedError);
});

test("works on the platform's own loop, and lets the process go", async () => {
  const value = await runLoop(async () =>
    runInLoop(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(sleep, 1);
        yield* runAsync(loopSleep, 1);
        return "done";
      }),
    ),
  );
  expect(value).toBe("done");
});
