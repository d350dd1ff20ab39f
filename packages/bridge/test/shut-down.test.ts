import {
  CancelledError,
  createTask,
  currentTask,
  getRunningLoop,
  LoopClosedError,
  sleep,
  type Future,
} from "@trestle/loop";
import {
  CancelScope,
  checkpoint,
  fromPromise,
  isCancelled,
  moveOnAfter,
  openNursery,
  run as runStructured,
  sleep as structuredSleep,
  sleepForever,
  type Operation,
} from "@trestle/structured";
import { describe, expect, test } from "vitest";
import { asLoop, asStructured, awaitFuture, openLoop } from "../src/index.js";
import { groupedErrorsOf, rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

const shielded = <T>(body: () => Operation<T>): Operation<unknown> =>
  new CancelScope({ shield: true }).run(body);

/** A loop function that sleeps for long and tells how that ended. */
function sleeper(log: (message: string) => void, name = "loop task"): () => Promise<void> {
  return async () => {
    log(`${name} starts`);
    try {
      await sleep(1000);
    } catch (error) {
      log(`${name} ${(error as Error).name}, asked ${currentTask()?.cancelling()} time`);
      throw error;
    }
  };
}

/** A structured function that sleeps for long and tells how that ended. */
function structuredSleeper(
  log: (message: string) => void,
  name = "structured task",
): () => Operation<void> {
  return function* () {
    log(`${name} starts`);
    try {
      yield* structuredSleep(1000);
    } catch (error) {
      log(`${name} ${isCancelled(error) ? "Cancelled" : String(error)}`);
      throw error;
    }
  };
}

describe("what is queued when the body ends", () => {
  test("gets its first step (trio-asyncio 2.1)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      loop.callSoon(log, "callback");
      void loop.createTask(sleeper(log));
      void asLoop(structuredSleeper(log))();
      loop.callSoon(log, "later callback");
    });
    expect(trace.messages).toEqual([
      "callback",
      "loop task starts",
      "structured task starts",
      "later callback",
      "loop task CancelledError, asked 1 time",
      "structured task Cancelled",
    ]);
  });

  test("is no timer: those never fire (trio-asyncio 2.1)", async () => {
    const { run, log, trace, host } = virtualBridge();
    await run(function* (loop) {
      loop.callLater(10, log, "never");
      loop.callAt(20, log, "never");
    });
    expect(trace.entries).toEqual([]);
    expect(host.now()).toBe(0);
  });

  test("gets its turn also where a task takes its time, until all have ended (trio-asyncio 2.1)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      void loop.createTask(async () => {
        try {
          await sleep(1000);
        } finally {
          getRunningLoop().callLater(5, log, "timer in time");
          getRunningLoop().callLater(15, log, "never");
          await sleep(10);
          getRunningLoop().callSoon(log, "callback in time");
        }
      });
      yield* checkpoint();
    });
    expect(trace.entries).toEqual([
      [5, "timer in time"],
      [10, "callback in time"],
    ]);
  });
});

describe("what runs when the body ends", () => {
  test("is cancelled at the same time, once each, and awaited (trio-asyncio 2.1)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      for (const ms of [30, 10]) {
        void loop.createTask(async () => {
          try {
            await sleeper(log, `loop task ${ms}`)();
          } finally {
            await sleep(ms);
            log(`loop task ${ms} ends`);
          }
        });
        void asLoop(function* () {
          try {
            yield* structuredSleeper(log, `structured task ${ms}`)();
          } finally {
            yield* shielded(() => structuredSleep(ms + 5));
            log(`structured task ${ms} ends`);
          }
        })();
      }
      yield* structuredSleep(100);
      log("the body ends");
    });
    log("the run has ended");
    expect(trace.entries).toEqual([
      [0, "loop task 30 starts"],
      [0, "structured task 30 starts"],
      [0, "loop task 10 starts"],
      [0, "structured task 10 starts"],
      [100, "the body ends"],
      [100, "loop task 30 CancelledError, asked 1 time"],
      [100, "structured task 30 Cancelled"],
      [100, "structured task 10 Cancelled"],
      [100, "loop task 10 CancelledError, asked 1 time"],
      [110, "loop task 10 ends"],
      [115, "structured task 10 ends"],
      [130, "loop task 30 ends"],
      [135, "structured task 30 ends"],
      [135, "the run has ended"],
    ]);
  });

  test("is cancelled once also where one waits for the other across the border", async () => {
    const { run, log, trace } = virtualBridge();
    const inner = asStructured(sleeper(log, "innermost"));
    const middle = asLoop(() => inner());
    await run(function* (loop) {
      void loop.createTask(async () => {
        try {
          await middle();
        } finally {
          log(`outermost, asked ${currentTask()?.cancelling()} time`);
        }
      });
      yield* structuredSleep(10);
    });
    expect(trace.entries).toEqual([
      [0, "innermost starts"],
      [10, "innermost CancelledError, asked 1 time"],
      [10, "outermost, asked 1 time"],
    ]);
  });

  test("is waited for where it ignores that (trio-asyncio 2.1)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      void loop.createTask(async () => {
        for (let i = 0; i < 3; i++) await sleep(10).catch(() => log("ignored"));
        log("ends");
      });
      yield* structuredSleep(5);
    });
    expect(trace.entries).toEqual([
      [5, "ignored"],
      [25, "ends"],
    ]);
  });

  test("is not hurried by a cancellation from outside", async () => {
    const { run, log, trace } = virtualBridge();
    await run(() =>
      moveOnAfter(10, () =>
        openLoop(function* (loop) {
          void loop.createTask(async () => {
            try {
              await sleep(1000);
            } finally {
              await sleep(50);
              log("cleaned up");
            }
          });
          yield* structuredSleep(5);
        }),
      ),
    );
    expect(trace.entries).toEqual([[55, "cleaned up"]]);
  });

  test("is cancelled after an error of the body too, which goes on then", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("of the body");
    const caught = await rejectionOf(
      run(function* (loop) {
        void loop.createTask(sleeper(log));
        yield* structuredSleep(10);
        throw error;
      }),
    );
    expect(caught).toBe(error);
    expect(trace.entries).toEqual([
      [0, "loop task starts"],
      [10, "loop task CancelledError, asked 1 time"],
    ]);
  });

  test("tells the Future of a structured call that it was cancelled", async () => {
    const { run } = virtualBridge();
    const future = await run(function* () {
      const pending = asLoop(() => sleepForever())();
      yield* structuredSleep(10);
      return [pending];
    });
    expect(future[0]?.cancelled()).toBe(true);
  });
});

describe("what unwinding starts", () => {
  test("gets its first step, is cancelled then, and awaited: loop tasks (trio-asyncio 7, 14)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      void loop.createTask(async () => {
        try {
          await sleep(1000);
        } finally {
          void createTask(async () => {
            try {
              await sleeper(log, "late task")();
            } finally {
              void createTask(sleeper(log, "later task"));
              await sleep(10);
            }
          });
        }
      });
      yield* structuredSleep(5);
    });
    log("the run has ended");
    expect(trace.entries).toEqual([
      [5, "late task starts"],
      [5, "late task CancelledError, asked 1 time"],
      [5, "later task starts"],
      [15, "later task CancelledError, asked 1 time"],
      [15, "the run has ended"],
    ]);
  });

  test("gets its first step also where a done-callback of the last task has started it", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const task = loop.createTask(() => sleep(1000));
      task.addDoneCallback(() => {
        loop.createTask(sleeper(log, "late task")).addDoneCallback(() => void structuredLate());
      });
      const structuredLate = asLoop(structuredSleeper(log, "late call"), { loop });
      yield* structuredSleep(5);
    });
    expect(trace.entries).toEqual([
      [5, "late task starts"],
      [5, "late task CancelledError, asked 1 time"],
      [5, "late call starts"],
      [5, "late call Cancelled"],
    ]);
  });

  test("is cancelled at its first checkpoint: structured calls (trio-asyncio 2.1)", async () => {
    const { run, log, trace } = virtualBridge();
    const late = asLoop(structuredSleeper(log, "late call"));
    await run(function* (loop) {
      void loop.createTask(async () => {
        try {
          await sleep(1000);
        } finally {
          await late().catch((error: unknown) => log((error as Error).name));
        }
      });
      yield* structuredSleep(5);
    });
    expect(trace.entries).toEqual([
      [5, "late call starts"],
      [5, "late call Cancelled"],
      [5, "CancelledError"],
    ]);
  });

  test("may be loop code that a structured task calls in a shield (trio-asyncio 2.1)", async () => {
    const { run, log, trace } = virtualBridge();
    const save = asStructured(async () => {
      await sleep(10);
      log("saved");
    });
    await run(function* () {
      void asLoop(function* () {
        try {
          yield* sleepForever();
        } finally {
          yield* shielded(() => save());
        }
      })();
      yield* structuredSleep(5);
    });
    expect(trace.entries).toEqual([[15, "saved"]]);
  });
});

describe("errors of unwinding", () => {
  test("of loop tasks come out of the block, in the order of their coming (trio-asyncio 2.1)", async () => {
    const { run } = virtualBridge();
    const failing = (message: string, ms: number) => async (): Promise<void> => {
      try {
        await sleep(1000);
      } finally {
        await sleep(ms);
        // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is what is shown
        throw new Error(message);
      }
    };
    const errors = await groupedErrorsOf(
      run(function* (loop) {
        void loop.createTask(failing("slow", 20));
        void loop.createTask(failing("quick", 10));
        yield* structuredSleep(5);
        throw new Error("of the body");
      }),
    );
    expect(errors.map((error) => (error as Error).message)).toEqual([
      "of the body",
      "quick",
      "slow",
    ]);
  });

  test("of structured calls are those of their Futures (trio-asyncio 2.1)", async () => {
    const { run, log, trace } = virtualBridge();
    const broken = asLoop(function* (): Operation<void> {
      try {
        yield* sleepForever();
      } finally {
        // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is what is shown
        throw new Error("of the cleanup");
      }
    });
    await run(function* () {
      broken().addDoneCallback((future) => log((future.exception() as Error).message));
      yield* structuredSleep(5);
    });
    expect(trace.entries).toEqual([[5, "of the cleanup"]]);
  });

  test("that are a CancelledError are none", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      void loop.createTask(async () => {
        try {
          await sleep(1000);
        } catch {
          throw new CancelledError("of its own");
        }
      });
      yield* structuredSleep(5);
    });
  });
});

describe("a chain that goes on for ever", () => {
  test("of callSoon does not keep the block open (trio-asyncio 7, 8)", async () => {
    const { run } = virtualBridge();
    let links = 0;
    await run(function* (loop) {
      const again = (): void => {
        links++;
        loop.callSoon(again);
      };
      again();
      yield* checkpoint();
    });
    expect(links).toBeLessThan(50);
  });

  test("of timers does not either (trio-asyncio 2.1)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const again = (): void => {
        log("tick");
        loop.callLater(10, again);
      };
      again();
      yield* structuredSleep(25);
    });
    expect(trace.entries).toEqual([
      [0, "tick"],
      [10, "tick"],
      [20, "tick"],
    ]);
  });
});

describe("a loop that was stopped by hand", () => {
  test("runs again for the shutdown, which starts nothing that is queued (trio-asyncio 2.1)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      void loop.createTask(sleeper(log, "running task"));
      yield* structuredSleep(5);
      loop.stop();
      yield* structuredSleep(5);
      expect(loop.isRunning()).toBe(false);
      void loop.createTask(sleeper(log, "queued task"));
      log("the body ends");
    });
    expect(trace.entries).toEqual([
      [0, "running task starts"],
      [10, "the body ends"],
      [10, "running task CancelledError, asked 1 time"],
    ]);
  });

  test("does not hang the end of the block, whenever that is", async () => {
    const stops: ((loop: Parameters<Parameters<typeof openLoop>[0]>[0]) => Operation<void>)[] = [
      function* atOnce(loop) {
        loop.stop();
      },
      function* inACallback(loop) {
        loop.callSoon(() => loop.stop());
      },
      function* beforeTheEnd(loop) {
        const end = loop.createFuture<void>();
        loop.callSoon(() => {
          end.setResult();
          loop.callSoon(() => loop.stop());
        });
        yield* awaitFuture(end);
      },
      function* inAnUnwindingTask(loop) {
        void loop.createTask(async () => {
          try {
            await sleep(1000);
          } finally {
            loop.stop();
            await sleep(10);
          }
        });
        yield* structuredSleep(5);
      },
      function* overAndOver(loop) {
        void loop.createTask(async () => {
          try {
            await sleep(1000);
          } finally {
            for (let i = 0; i < 10; i++) {
              loop.stop();
              await sleep(1);
            }
          }
        });
        yield* structuredSleep(5);
      },
    ];
    for (const stop of stops) {
      const { run } = virtualBridge();
      const loop = await run(function* (hosted) {
        yield* stop(hosted);
        return hosted;
      });
      expect([stop.name, loop.isClosed()]).toEqual([stop.name, true]);
    }
  });

  test("may be closed by hand too, and the block still waits for its structured calls", async () => {
    const { run, log, trace } = virtualBridge();
    const value = await run(function* (loop) {
      void asLoop(structuredSleeper(log))();
      yield* structuredSleep(5);
      loop.stop();
      yield* structuredSleep(5);
      yield* fromPromise(loop.close());
      return "a value all the same";
    });
    expect(value).toBe("a value all the same");
    expect(trace.entries).toEqual([
      [0, "structured task starts"],
      [10, "structured task Cancelled"],
    ]);
  });
});

test("a structured call whose Future was given up with its loop ends quietly", async () => {
  const { run, log, trace } = virtualBridge();
  await run(function* (loop) {
    const slow = asLoop(function* () {
      yield* shielded(() => structuredSleep(20));
      log("ends");
    });
    loop.callSoon(() => {
      slow().then(undefined, (error: unknown) => log((error as Error).name));
    });
    yield* structuredSleep(5);
    loop.stop();
    yield* structuredSleep(5);
    yield* fromPromise(loop.close());
  });
  expect(trace.entries).toEqual([
    [10, "LoopClosedError"],
    [20, "ends"],
  ]);
});

describe("a Future that is pending at the end", () => {
  test("fails with LoopClosedError for a waiter outside of the block (trio-asyncio 7, 9)", async () => {
    const { host, log, trace } = virtualBridge();
    await runStructured(
      () =>
        openNursery(function* (nursery) {
          yield* openLoop(function* (loop) {
            const reply = loop.createFuture<void>("the reply");
            nursery.startSoon(function* () {
              try {
                yield* awaitFuture(reply);
              } catch (error) {
                expect(error).toBeInstanceOf(LoopClosedError);
                log((error as Error).message.split("\n")[0] as string);
              }
              yield* sleepForever();
            });
            yield* structuredSleep(10);
          });
          log("the block has ended");
          nursery.cancelScope.cancel();
        }),
      { host },
    );
    expect(trace.entries).toEqual([
      [10, "Cannot wait for the reply: the event loop is closed."],
      [10, "the block has ended"],
    ]);
  });

  test("does no harm to a waiter outside that is cancelled then (trio-asyncio 7, 9)", async () => {
    const { host, log, trace } = virtualBridge();
    await runStructured(
      () =>
        openNursery(function* (nursery) {
          let reply: Future<void> | undefined;
          yield* openLoop(function* (loop) {
            reply = loop.createFuture<void>();
          });
          nursery.startSoon(function* () {
            const scope = new CancelScope();
            scope.cancel();
            try {
              yield* scope.run(() => awaitFuture(reply as Future<void>));
            } catch (error) {
              log(error instanceof LoopClosedError ? "LoopClosedError" : String(error));
            }
          });
        }),
      { host },
    );
    expect(trace.messages).toEqual(["LoopClosedError"]);
  });

  test("fails with LoopClosedError for a task of another loop's that follows it", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* () {
      let follow: Promise<void> | undefined;
      yield* openLoop(function* (inner) {
        const reply = inner.createFuture<void>();
        follow = reply.then(undefined, (error: unknown) => {
          log(error instanceof LoopClosedError ? "LoopClosedError" : String(error));
        });
      });
      yield* fromPromise(follow as Promise<void>);
    });
    expect(trace.messages).toEqual(["LoopClosedError"]);
  });
});

describe("loops one inside the other", () => {
  test("end from the inside to the outside", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (outer) {
      void outer.createTask(sleeper(log, "outer task"));
      yield* openLoop(function* (inner) {
        void inner.createTask(sleeper(log, "inner task"));
        yield* structuredSleep(5);
      });
      yield* structuredSleep(5);
    });
    expect(trace.entries).toEqual([
      [0, "outer task starts"],
      [0, "inner task starts"],
      [5, "inner task CancelledError, asked 1 time"],
      [10, "outer task CancelledError, asked 1 time"],
    ]);
  });
});
