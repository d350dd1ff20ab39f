import { WrongFlavorError } from "@trestle/host";
import {
  CancelledError,
  currentLoop as runningLoop,
  currentTask,
  gather,
  LoopClosedError,
  sleep as loopSleep,
  timeout,
  type Future,
} from "@trestle/loop";
import {
  CancelScope,
  isCancelled,
  moveOnAfter,
  openNursery,
  run as runAlone,
  sleep,
  sleepForever,
  type Operation,
} from "@trestle/structured";
import { Trace, VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  allowLoop,
  asLoop,
  asStructured,
  currentFlavor,
  NoHostedLoopError,
  openLoop,
  run,
  type MixedFunction,
} from "../src/index.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

/** For a body that is to be refused, or that TypeScript takes for a structured one only. */
const untyped = (body: () => Generator<unknown, unknown>): (() => Operation<unknown>) =>
  body as () => Operation<unknown>;

describe("a plain yield inside of allowLoop", () => {
  test("waits for Futures and promises, beside operations (trio-asyncio 2.14)", async () => {
    const { run, log, trace } = virtualBridge();
    await run((loop) =>
      allowLoop(function* () {
        yield* sleep(1);
        yield loopSleep(2);
        const reply = loop.createFuture<string>();
        loop.callLater(3, () => reply.setResult("the reply"));
        log(String(yield reply));
        log(String(yield Promise.resolve("the promise")));
        log(String(yield asLoop(nap)(4)));
        log(String(yield gather([loopSleep(5, "a"), loopSleep(6, "b")])));
      }),
    );
    expect(trace.entries).toEqual([
      [6, "the reply"],
      [6, "the promise"],
      [10, "napped"],
      [16, "a,b"],
    ]);
  });

  test("waits for a thenable of any make, and for one that is done", async () => {
    const { run } = virtualBridge();
    const thenable: PromiseLike<string> = {
      then: (resolve) => Promise.resolve("of my own make").then(resolve),
    };
    await run((loop) =>
      allowLoop(function* () {
        expect(yield thenable).toBe("of my own make");
        const done = loop.createFuture<number>();
        done.setResult(5);
        expect(yield done).toBe(5);
      }),
    );
  });

  test("throws the error there, the very object, and the function goes on", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("of the promise");
    await run((loop) =>
      allowLoop(function* () {
        const failed = loop.createFuture();
        failed.setException(error);
        for (const work of [Promise.reject(error), failed]) {
          try {
            yield work;
          } catch (caught) {
            log(String(caught === error));
          }
        }
      }),
    );
    expect(trace.messages).toEqual(["true", "true"]);
  });

  test("may call async functions, whose awaits find the loop and no task", async () => {
    const host = new VirtualHost({ foreignPromises: "pass" });
    const trace = new Trace(() => host.now());
    const { log } = trace;
    const load = async (): Promise<string> => {
      log(`${runningLoop() !== undefined} ${currentTask() === undefined} ${currentFlavor()}`);
      await loopSleep(5);
      await loopSleep(5);
      log(`${runningLoop() !== undefined} ${currentTask() === undefined} ${currentFlavor()}`);
      return asLoop(nap)(10);
    };
    await run(
      () =>
        allowLoop(function* () {
          log(String(yield load()));
          // What needs a task says so.
          yield timeout(1, async () => {}).catch((caught: Error) => log(caught.name));
        }),
      { host },
    );
    expect(trace.entries).toEqual([
      [0, "true true structured"],
      [10, "true true loop"],
      [20, "napped"],
      [20, "NoTaskError"],
    ]);
  });
});

describe("the function of allowLoop", () => {
  test("gets the arguments, and its value comes out", async () => {
    const { run } = virtualBridge();
    const add = function* (a: number, b: number) {
      yield loopSleep(1);
      return a + b;
    };
    expect(await run(() => allowLoop(add, 1, 2))).toBe(3);
  });

  test("may be an async function, which is a task of the loop and is cancelled like one (TestAllow)", async () => {
    const { run, log, trace } = virtualBridge();
    const load = async (name: string): Promise<string> => {
      log(`task ${currentTask()?.name}`);
      try {
        await loopSleep(100);
      } catch (error) {
        log((error as Error).name);
        throw error;
      }
      return name;
    };
    await run(function* () {
      expect(yield* allowLoop(async (n: number) => n * 2, 4)).toBe(8);
      const { cancelledCaught } = yield* moveOnAfter(10, () => allowLoop(load, "a"));
      log(String(cancelledCaught));
    });
    expect(trace.entries).toEqual([
      [0, "task load"],
      [10, "CancelledError"],
      [10, "true"],
    ]);
  });

  test("may give a Future or a promise (TestAllow)", async () => {
    const { run } = virtualBridge();
    await run(function* () {
      expect(yield* allowLoop((ms: number) => loopSleep(ms, "slept"), 5)).toBe("slept");
      expect(yield* allowLoop(() => Promise.resolve(1))).toBe(1);
      expect(yield* allowLoop(asLoop(nap), 5)).toBe("napped");
    });
  });

  test("may be structured only, or wrapped (TestAllow)", async () => {
    const { run } = virtualBridge();
    await run(function* () {
      yield* allowLoop(sleep, 5);
      expect(
        yield* allowLoop(
          asStructured(async (n: number) => n),
          1,
        ),
      ).toBe(1);
    });
  });

  test("may go through an async iterable, and hold a resource (TestAllow)", async () => {
    const { run, log, trace } = virtualBridge();
    const items = async function* (): AsyncGenerator<number> {
      for (const item of [1, 2]) {
        await loopSleep(1);
        yield item;
      }
    };
    const resource = {
      async [Symbol.asyncDispose](): Promise<void> {
        await loopSleep(1);
        log("closed");
      },
    };
    await run(() =>
      allowLoop(function* () {
        yield* asStructured(items)().each(function* (item) {
          log(String(item));
        });
        yield* asStructured(resource).hold(function* () {
          log(yield* asStructured(loopSleep(1, "held")));
        });
        yield loopSleep(1);
      }),
    );
    expect(trace.entries).toEqual([
      [1, "1"],
      [2, "2"],
      [3, "held"],
      [4, "closed"],
    ]);
  });

  test("may be another allowLoop: nested, it changes nothing (trio-asyncio 2.14)", async () => {
    const { run, log, trace } = virtualBridge();
    const inner = function* (ms: number) {
      yield loopSleep(ms);
      return currentFlavor();
    };
    await run(() =>
      allowLoop(function* () {
        log(String(yield* allowLoop(inner, 5)));
        log(String(yield loopSleep(5, "still allowed")));
      }),
    );
    expect(trace.entries).toEqual([
      [5, "structured"],
      [10, "still allowed"],
    ]);
  });
});

describe("inside of blocks that are opened within", () => {
  test("a plain yield works in scopes and nurseries, their children too", async () => {
    const { run, log, trace } = virtualBridge();
    const child = (ms: number): (() => Operation<unknown>) =>
      untyped(function* () {
        yield loopSleep(ms);
        log(`child ${ms}`);
      });
    await run(() =>
      allowLoop(() =>
        openNursery(function* (nursery) {
          nursery.startSoon(child(20));
          nursery.startSoon(child(10));
          yield* new CancelScope().run(
            untyped(function* () {
              yield Promise.resolve();
              yield* openNursery(child(5));
              yield loopSleep(1);
              log("body");
            }),
          );
        }),
      ),
    );
    expect(trace.entries).toEqual([
      [5, "child 5"],
      [6, "body"],
      [10, "child 10"],
      [20, "child 20"],
    ]);
  });

  test("a body that is wrapped once more is right for TypeScript, too", async () => {
    const { run, host } = virtualBridge();
    await run(() =>
      allowLoop(function* () {
        yield loopSleep(1);
        yield* moveOnAfter(100, () =>
          allowLoop(function* () {
            yield loopSleep(5);
          }),
        );
      }),
    );
    expect(host.now()).toBe(6);
  });

  test("a task of a nursery further out is allowed nothing that it is not given", async () => {
    const { run, log, trace } = virtualBridge();
    await run(() =>
      openNursery(function* (nursery) {
        yield* allowLoop(function* () {
          yield loopSleep(1);
        });
        nursery.startSoon(
          untyped(function* () {
            try {
              yield Promise.resolve();
            } catch (error) {
              log((error as Error).name);
            }
          }),
        );
      }),
    );
    expect(trace.messages).toEqual(["WrongFlavorError"]);
  });
});

describe("a cancellation", () => {
  test("is thrown as Cancelled at the yield, once the Future is cancelled", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      let future: Future<void> | undefined;
      const { cancelledCaught } = yield* moveOnAfter(10, () =>
        allowLoop(function* () {
          try {
            yield (future = loop.createFuture());
          } catch (error) {
            log(`${isCancelled(error)} ${future?.cancelled()}`);
            throw error;
          }
        }),
      );
      log(String(cancelledCaught));
    });
    expect(trace.entries).toEqual([
      [10, "true true"],
      [10, "true"],
    ]);
  });

  test("waits for a task that unwinds, and a value of it wins", async () => {
    const { run, log, trace } = virtualBridge();
    const stubborn = async (): Promise<string> => {
      await loopSleep(100).catch(() => {});
      await loopSleep(5);
      return "done all the same";
    };
    await run(function* (loop) {
      yield* moveOnAfter(10, () =>
        allowLoop(function* () {
          log(String(yield loop.createTask(stubborn)));
          yield loopSleep(100).catch(() => {});
          log("not reached");
        }),
      );
      log("out");
    });
    expect(trace.entries).toEqual([
      [15, "done all the same"],
      [15, "out"],
    ]);
  });

  test("lets a promise go, at once", async () => {
    const { run, host } = virtualBridge();
    const never = new Promise<void>(() => {});
    await run(function* () {
      const scope = new CancelScope();
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* sleep(0);
          scope.cancel();
        });
        yield* scope.run(() =>
          allowLoop(function* () {
            yield never;
          }),
        );
      });
      expect(scope.cancelledCaught).toBe(true);
    });
    expect(host.now()).toBe(0);
  });

  test("by somebody else of the Future is an ordinary CancelledError", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      const scope = new CancelScope();
      const error: unknown = yield* scope.run(() =>
        allowLoop(function* () {
          const future = loop.createFuture();
          loop.callSoon(() => future.cancel("enough"));
          try {
            yield future;
          } catch (caught) {
            return caught;
          }
          return undefined;
        }),
      );
      expect(error).toMatchObject({ cancelledCaught: false, value: expect.any(CancelledError) });
      expect(scope.cancelCalled).toBe(false);
    });
  });

  test.each([0, 1, 2, 3, 4, 5, 6])(
    "at each await leaves all blocks as they should be left (%i ms)",
    async (ms) => {
      const { run, log, trace } = virtualBridge();
      await run(function* () {
        yield* moveOnAfter(ms, () =>
          allowLoop(function* () {
            try {
              yield loopSleep(1);
              yield* sleep(1);
              yield* openNursery(function* (nursery) {
                nursery.startSoon(sleep, 1);
                yield* allowLoop(function* () {
                  yield loopSleep(2);
                });
              });
              yield Promise.resolve();
              yield* asStructured(() => loopSleep(1))();
            } finally {
              log("unwound");
            }
          }),
        );
        log("out");
        yield* sleep(10);
      });
      const at = Math.min(ms, 5);
      expect(trace.entries).toEqual([
        [at, "unwound"],
        [at, "out"],
      ]);
    },
  );
});

describe("what is refused", () => {
  test.each<[string, unknown, string]>([
    ["an operation", sleep(1), "with the star"],
    ["nothing", undefined, "checkpoint()"],
    ["a number", 5, "checkpoint()"],
    ["an array of promises", [Promise.resolve()], "yield*"],
    ["an async generator", (async function* () {})(), "asStructured"],
    ["an async function", async () => {}, "Call the function"],
  ])("a yield of %s, as ever, and the function goes on", async (_what, value, advice) => {
    const { run } = virtualBridge();
    const body = untyped(function* () {
      try {
        yield value;
      } catch (error) {
        expect(error).toBeInstanceOf(WrongFlavorError);
        expect((error as Error).message).toContain(advice);
        return yield loopSleep(1, "went on");
      }
      return "not refused";
    });
    expect(await run(() => allowLoop(body))).toBe("went on");
  });

  test("a plain yield outside of it, before and behind", async () => {
    const { run, log, trace } = virtualBridge();
    await run(
      untyped(function* () {
        const attempt = function* (): Generator<unknown, void> {
          try {
            yield Promise.resolve();
          } catch (error) {
            log((error as Error).name);
          }
        };
        yield* attempt();
        yield* allowLoop(function* () {
          yield loopSleep(1);
        });
        yield* attempt();
      }),
    );
    expect(trace.messages).toEqual(["WrongFlavorError", "WrongFlavorError"]);
  });

  test("a function that is none", async () => {
    const { run } = virtualBridge();
    for (const wrong of [5, undefined, (): number => 5, async function* () {}, sleep(1)]) {
      // oxlint-disable-next-line no-await-in-loop -- one run after the other
      const error = await rejectionOf(
        run(() => allowLoop(wrong as unknown as () => Operation<void>)),
      );
      expect(error).toBeInstanceOf(WrongFlavorError);
      expect((error as Error).message).toMatch(/^Cannot allow loop code(:| with) /);
    }
  });

  test("any use where no loop is open (trio-asyncio 7, defect 10)", async () => {
    const hybrid: MixedFunction<[], void> = function* hybrid() {};
    const error = await rejectionOf(runAlone(() => allowLoop(hybrid)));
    expect(error).toBeInstanceOf(NoHostedLoopError);
    expect((error as Error).message).toMatch(/^Cannot allow loop code in 'hybrid':/);
  });

  test("an await", async () => {
    const awaited = allowLoop(sleep, 1) as unknown as Promise<void>;
    expect(await rejectionOf(awaited)).toBeInstanceOf(WrongFlavorError);
  });
});

describe("the running loop inside", () => {
  test("is the innermost, and the one of before behind it", async () => {
    const { run } = virtualBridge();
    const where = function* () {
      yield loopSleep(1);
      return runningLoop();
    };
    await run(function* (outer) {
      expect(runningLoop()).toBeUndefined();
      yield* allowLoop(function* () {
        yield* openLoop(function* (inner) {
          expect(yield* allowLoop(where)).toBe(inner);
        });
        expect(runningLoop()).toBe(outer);
        yield loopSleep(1);
        expect(runningLoop()).toBe(outer);
      });
      expect(runningLoop()).toBeUndefined();
    });
  });

  test("is nobody else's: other tasks have none", async () => {
    const { run, log, trace } = virtualBridge();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* sleep(5);
          log(String(runningLoop() === undefined));
        });
        yield* allowLoop(function* () {
          yield loopSleep(10);
        });
      }),
    );
    expect(trace.messages).toEqual(["true"]);
  });
});

test("a loop that closes fails what is yielded in a task further out", async () => {
  const { run, log, trace } = virtualBridge();
  const wait: MixedFunction<[Future<void>], void> = function* (future) {
    try {
      yield future;
    } catch (error) {
      log(String(error instanceof LoopClosedError));
    }
  };
  await run(() =>
    openNursery(function* (nursery) {
      yield* openLoop(function* (inner) {
        nursery.startSoon(() => allowLoop(wait, inner.createFuture<void>()));
        yield* sleep(1);
      });
      nursery.startSoon(sleep, 1);
    }),
  );
  expect(trace.messages).toEqual(["true"]);
});

test("a body that never ends is ended by its scope", async () => {
  const { run, host } = virtualBridge();
  await run(() =>
    moveOnAfter(5, () =>
      allowLoop(function* () {
        yield loopSleep(1);
        yield* sleepForever();
      }),
    ),
  );
  expect(host.now()).toBe(5);
});

function* nap(ms: number): Operation<string> {
  yield* sleep(ms);
  return "napped";
}
