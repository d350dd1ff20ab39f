// The twenty defects of trio-asyncio 0.16, one test or more for each, under its number: each would fail with what the original
// does. Number 13 is kept as it is.
import { ExceptionGroup, ExitError, WrongFlavorError } from "@trestle/host";
import {
  CancelledError,
  createTask,
  currentTask,
  EventLoop,
  Future,
  getRunningLoop,
  LoopClosedError,
  LoopStoppedError,
  NoLoopError,
  sleep,
  taskGroup,
  TimeoutError,
  waitFor,
} from "@trestle/loop";
import {
  CancelScope,
  ContextVar,
  Event,
  isCancelled,
  moveOnAfter,
  openNursery,
  run as runStructuredMain,
  sleep as structuredSleep,
  sleepForever,
  type Operation,
} from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { spawn } from "node:child_process";
import { describe, expect, test, vi } from "vitest";
import {
  asLoop,
  asStructured,
  awaitFuture,
  currentLoop,
  NoHostedLoopError,
  openLoop,
  run as runOnPlatform,
  runAsync,
  runStructured,
  ShutdownError,
  type StructuredEventLoop,
} from "../../src/index.js";
import { groupedErrorsOf, rejectionOf } from "../rejection-of.js";
import { virtualBridge } from "../virtual-bridge.js";

/** Counts the turns that it is asked for. */
class CountingHost extends VirtualHost {
  turns = 0;

  override soon(callback: () => void): void {
    this.turns++;
    super.soon(callback);
  }
}

/** What an operation throws. */
function* thrownBy(operation: Operation<unknown>): Operation<unknown> {
  try {
    yield* operation;
  } catch (error) {
    return error;
  }
  throw new Error("Expected an error.");
}

test("1: the exit of a resource always runs, also where its scope was cancelled", async () => {
  const { run, log, trace } = virtualBridge();
  await run(() =>
    moveOnAfter(10, () =>
      asStructured({
        enter: async () => "session",
        exit: async () => {
          log("the exit begins");
          await sleep(5).catch((error: unknown) => log((error as Error).name));
          log("closed");
        },
      }).hold(() => sleepForever()),
    ),
  );
  expect(trace.entries).toEqual([
    [10, "the exit begins"],
    [10, "CancelledError"],
    [10, "closed"],
  ]);
});

describe("2: both ends of a resource, and all steps of an iterator, are one task over there", () => {
  test("so a task group's failing task reaches the body", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("of a child");
    const errors = await groupedErrorsOf(
      run(() =>
        asStructured({ hold: taskGroup }).hold(function* (group) {
          void group.createTask(async () => {
            await sleep(10);
            throw error;
          });
          try {
            yield* sleepForever();
          } catch (thrown) {
            log(`body ${isCancelled(thrown) ? "Cancelled" : String(thrown)}`);
            throw thrown;
          }
        }),
      ),
    );
    expect(errors).toEqual([error]);
    expect(trace.entries).toEqual([[10, "body Cancelled"]]);
  });

  test("so loop code may hold a nursery", async () => {
    const { run, log, trace } = virtualBridge();
    await run(
      asStructured(async () => {
        await asLoop({ hold: openNursery }).hold(async (nursery) => {
          nursery.startSoon(function* () {
            yield* structuredSleep(10);
            log("child");
          });
          await sleep(5);
          log("body");
        });
        log("behind");
      }),
    );
    expect(trace.entries).toEqual([
      [5, "body"],
      [10, "child"],
      [10, "behind"],
    ]);
  });

  test("so a scope may be open across the items of a structured source, and context variables stay", async () => {
    const { run } = virtualBridge();
    const variable = new ContextVar("items", { defaultValue: 0 });
    const seen: unknown[] = [];
    await run(
      asStructured(async () => {
        const items = asLoop({
          *each(send: (item: number) => Operation<void>) {
            yield* moveOnAfter(25, function* () {
              for (;;) {
                variable.set(variable.get() + 1);
                yield* structuredSleep(10);
                yield* send(variable.get());
              }
            });
          },
        });
        for await (const item of items) seen.push(item);
      }),
    );
    expect(seen).toEqual([1, 2]);
  });

  test("so all steps of an async generator find the same task", async () => {
    const { run } = virtualBridge();
    const tasks = new Set<unknown>();
    const numbers = asStructured(async function* () {
      try {
        for (let i = 0; i < 3; i++) {
          tasks.add(currentTask());
          yield i;
          await sleep(1);
        }
      } finally {
        tasks.add(currentTask());
      }
    });
    await run(() => numbers().each(function* () {}));
    expect(tasks.size).toBe(1);
    expect([...tasks]).not.toContain(undefined);
  });
});

describe("3: an error that means the end does not hang who waits for loop code", () => {
  test("in a callback, whatever exception handler is set", async () => {
    const { run, log, trace } = virtualBridge();
    const exit = new ExitError(3);
    const errors = await groupedErrorsOf(
      run(function* (loop) {
        loop.setExceptionHandler(() => log("never"));
        loop.callLater(10, () => {
          throw exit;
        });
        try {
          yield* asStructured(sleep)(1000);
        } finally {
          log("unwound");
        }
      }),
    );
    expect(errors).toEqual([exit]);
    expect(trace.entries).toEqual([[10, "unwound"]]);
  });

  test("in a loop task that structured code waits for, and in a structured call that loop code waits for", async () => {
    const { run } = virtualBridge();
    const exit = new ExitError();
    const inner = asLoop(function* () {
      yield* structuredSleep(5);
      throw exit;
    });
    const outer = asStructured(() => inner());
    await expect(rejectionOf(run(() => outer()))).resolves.toBe(exit);
  });
});

test("4: a call after 'stop' fails at once, and one that was there before can be cancelled", async () => {
  const { run, log, trace } = virtualBridge();
  await run(function* (loop) {
    loop.callLater(5, () => loop.stop());
    const { cancelledCaught } = yield* moveOnAfter(10, () => asStructured(sleep)(1000));
    log(`caught ${cancelledCaught}`);
    expect(yield* thrownBy(asStructured(sleep)(1))).toBeInstanceOf(LoopStoppedError);
  });
  expect(trace.entries).toEqual([[10, "caught true"]]);
});

describe("5: an async generator in structured code", () => {
  const numbers = (log: (line: string) => void, cleanup: () => Promise<void>) =>
    asStructured(async function* (): AsyncGenerator<number, void, string | undefined> {
      try {
        for (let i = 0; ; i++) {
          const sent = yield i;
          if (sent !== undefined) log(`sent ${sent}`);
          await sleep(10);
        }
      } catch (error) {
        log((error as Error).name);
        throw error;
      } finally {
        await cleanup();
      }
    });

  test("is closed by a body that ends early, and waited for", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("enough");
    const source = numbers(log, async () => {
      await sleep(5);
      log("cleaned up");
    });
    const thrown = await rejectionOf(
      run(() =>
        source().each(function* (item) {
          if (item === 1) throw error;
        }),
      ),
    );
    expect(thrown).toBe(error);
    expect(trace.entries).toEqual([[15, "cleaned up"]]);
  });

  test("has values and errors sent in", async () => {
    const { run, log, trace } = virtualBridge();
    const source = numbers(log, async () => {});
    await run(() =>
      source().open(function* (items) {
        yield* items.next();
        yield* items.next("hello");
        expect(yield* thrownBy(items.throw(new RangeError("of the consumer")))).toBeInstanceOf(
          RangeError,
        );
      }),
    );
    expect(trace.messages).toEqual(["sent hello", "RangeError"]);
  });

  test("that is cancelled is waited for", async () => {
    const { run, log, trace } = virtualBridge();
    const source = numbers(log, async () => {
      await sleep(5);
      log("cleaned up");
    });
    await run(function* () {
      yield* moveOnAfter(15, () => source().each(function* () {}));
      log("goes on");
    });
    expect(trace.entries).toEqual([
      [15, "CancelledError"],
      [20, "cleaned up"],
      [20, "goes on"],
    ]);
  });

  test("may ignore a cancellation, and may throw a CancelledError of its own", async () => {
    const { run } = virtualBridge();
    const own = new CancelledError("of its own");
    const stubborn = asStructured(async function* () {
      await sleep(20).catch(() => {});
      yield "all the same";
    });
    const failing = asStructured(async function* (): AsyncGenerator<never> {
      throw own;
    });
    await run(function* () {
      const seen: string[] = [];
      yield* moveOnAfter(10, () =>
        stubborn().each(function* (item) {
          seen.push(item);
        }),
      );
      expect(seen).toEqual(["all the same"]);
      expect(yield* thrownBy(failing().each(function* () {}))).toBe(own);
    });
  });
});

test("6: a scope that is opened in loop code is refused, there and then", async () => {
  const { run, host } = virtualBridge();
  await run(
    asStructured(async () => {
      const wrong = moveOnAfter(10, () => structuredSleep(1)) as unknown as Promise<void>;
      await expect(rejectionOf(wrong)).resolves.toBeInstanceOf(WrongFlavorError);
      const scope = new CancelScope().run(() => structuredSleep(1));
      expect(() => scope[Symbol.iterator]().next()).toThrow(/^Cannot enter a cancel scope/);
      await sleep(10);
    }),
  );
  expect(host.now()).toBe(10);
});

test("7: calls from anywhere leave the loop as it is: other loops, foreign callbacks, finalizers", async () => {
  const { run, log, trace, host } = virtualBridge();
  await run(function* (outer) {
    yield* openLoop(function* (inner) {
      outer.callSoon(() => {
        inner.callSoon(log, "from a callback of another loop");
        inner.callSoonThreadsafe(log, "from there, threadsafe");
      });
      host.soon(() => inner.callSoon(log, "from outside of all"));
      yield* structuredSleep(1);
      yield* inner.runAsync(() => sleep(1));
      yield* outer.runAsync(() => sleep(1));
      log("both go on");
    });
  });
  expect(trace.messages.toSorted()).toEqual([
    "both go on",
    "from a callback of another loop",
    "from outside of all",
    "from there, threadsafe",
  ]);
});

test("8: a callback that queues itself again and again does not keep the block open", async () => {
  const { run } = virtualBridge();
  let links = 0;
  await run(function* (loop) {
    const again = (): void => {
      links++;
      loop.callSoon(again);
    };
    again();
  });
  expect(links).toBeLessThan(20);
});

test("9: a Future that is pending at the end fails for all who wait, and cancelling them does no harm", async () => {
  const { host, log, trace } = virtualBridge();
  await runStructuredMain(
    () =>
      openNursery(function* (nursery) {
        let reply: Future<void> | undefined;
        yield* openLoop(function* (loop) {
          reply = loop.createFuture<void>("the reply");
          nursery.startSoon(function* () {
            const error = yield* thrownBy(awaitFuture(reply as Future<void>));
            log(error instanceof LoopClosedError ? "LoopClosedError" : String(error));
          });
          yield* structuredSleep(10);
        });
        const scope = new CancelScope();
        scope.cancel();
        const error = yield* thrownBy(scope.run(() => awaitFuture(reply as Future<void>)));
        expect(error).toBeInstanceOf(LoopClosedError);
      }),
    { host },
  );
  expect(trace.entries).toEqual([[10, "LoopClosedError"]]);
});

describe("10: where no loop is open, every entry says so by type", () => {
  test("in structured code", async () => {
    const load = asStructured(async () => 1);
    const nothing = asLoop(function* () {});
    await runStructuredMain(
      function* () {
        expect(currentLoop()).toBeUndefined();
        expect(yield* thrownBy(load())).toBeInstanceOf(NoHostedLoopError);
        expect(yield* thrownBy(runAsync(async () => {}))).toBeInstanceOf(NoHostedLoopError);
        expect(() => nothing()).toThrow(NoHostedLoopError);
        expect(() => runStructured(function* () {})).toThrow(NoHostedLoopError);
        expect(() => getRunningLoop()).toThrow(NoLoopError);
        expect(() => new Future()).toThrow(NoLoopError);
      },
      { host: new VirtualHost() },
    );
  });

  test("outside of everything", () => {
    expect(currentLoop()).toBeUndefined();
    expect(() => asLoop(function* () {})()).toThrow(NoHostedLoopError);
    expect(() => getRunningLoop()).toThrow(NoLoopError);
  });
});

test("11: the loop of a call is the one that runs it, in nested loops and for what is called further in", async () => {
  const { run } = virtualBridge();
  await run(function* (outer) {
    yield* openLoop(function* (inner) {
      const seen: (StructuredEventLoop | undefined)[] = [];
      const innermost = asLoop(function* () {
        seen.push(currentLoop());
        yield* asStructured(async () => void seen.push(currentLoop()))();
      });
      const inOuter = asStructured(() => innermost(), { loop: outer });
      yield* inOuter();
      expect(seen).toEqual([outer, outer]);
      expect(currentLoop()).toBe(inner);
    });
  });
});

test("12: the error of a task that nobody looked at comes out, also where somebody has kept the task", async () => {
  const { run } = virtualBridge();
  const error = new Error("nobody looks");
  const kept: unknown[] = [];
  const errors = await groupedErrorsOf(
    run(function* (loop) {
      kept.push(
        loop.createTask(async () => {
          throw error;
        }),
      );
      yield* structuredSleep(10);
    }),
  );
  expect(errors).toEqual([error]);
});

describe("13, kept as it is: a structured call that finishes although its Future was cancelled gives its value", () => {
  const shielded = asLoop(function* () {
    yield* new CancelScope({ shield: true }).run(() => structuredSleep(20));
    return "done all the same";
  });

  test("to the cancelled task, which goes on and was asked once", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const task = loop.createTask(async () => {
        log(await shielded());
        log(`asked ${currentTask()?.cancelling()} time`);
      });
      yield* structuredSleep(10);
      task.cancel();
      yield* awaitFuture(task);
    });
    expect(trace.entries).toEqual([
      [20, "done all the same"],
      [20, "asked 1 time"],
    ]);
  });

  test("late, and without a TimeoutError, through 'waitFor'", async () => {
    const { run, log, trace } = virtualBridge();
    await run(
      asStructured(async () => {
        const value = await waitFor(shielded(), 10).catch((error: unknown) =>
          error instanceof TimeoutError ? "too slow" : String(error),
        );
        log(value);
      }),
    );
    expect(trace.entries).toEqual([[20, "done all the same"]]);
  });
});

test("14: tasks that unwinding tasks make are cancelled and awaited too", async () => {
  const { run, log, trace } = virtualBridge();
  await run(function* (loop) {
    void loop.createTask(async () => {
      try {
        await sleep(1000);
      } finally {
        void createTask(async () => {
          try {
            await sleep(1000);
          } finally {
            await sleep(10);
            log("late task ends");
          }
        });
      }
    });
    yield* structuredSleep(5);
  });
  log("behind the block");
  expect(trace.entries).toEqual([
    [15, "late task ends"],
    [15, "behind the block"],
  ]);
});

test("15: a child process that the loop is to close does not outlive the block", async () => {
  const child = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1e6)"]);
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once("exit", (_code, signal) => resolve(signal));
  });
  let isEnded = false;
  void ended.then(() => (isEnded = true));
  await runOnPlatform(function* (loop) {
    loop.autoclose(child, async (running) => {
      running.kill();
      await ended;
    });
  });
  expect(isEnded).toBe(true);
  expect(await ended).toBe("SIGTERM");
});

describe("16: what is said of a loop's methods holds", () => {
  test("'callSoonThreadsafe' gives a handle", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const handle = loop.callSoonThreadsafe(log, "never");
      handle.cancel();
      expect(handle.cancelled()).toBe(true);
      loop.callSoonThreadsafe(log, "called");
    });
    expect(trace.messages).toEqual(["called"]);
  });

  test("a second signal handler takes the place of the first", async () => {
    const { run, log, trace } = virtualBridge();
    const receivers = new Set<() => void>();
    const io = {
      receiveSignal: (_signal: string, receiver: () => void) => {
        receivers.add(receiver);
        return () => receivers.delete(receiver);
      },
    };
    await run(
      function* (loop) {
        loop.addSignalHandler("SIGUSR1", log, "first");
        loop.addSignalHandler("SIGUSR1", log, "second");
        for (const receiver of receivers) receiver();
        yield* loop.synchronize();
      },
      { io: io as never },
    );
    expect(trace.messages).toEqual(["second"]);
    expect(receivers.size).toBe(0);
  });

  test("'stop' takes an event that is set", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      const event = new Event();
      event.set();
      expect(loop.stop(event)).toBe(event);
    });
  });

  test("debug mode tells of slow callbacks", async () => {
    const { run } = virtualBridge();
    const warnings = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    await run(
      function* (loop) {
        loop.slowCallbackDuration = 0;
        loop.callSoon(function crunch() {});
        yield* loop.synchronize();
      },
      { debug: true },
    );
    const messages = warnings.mock.calls.map(([message]) => String(message));
    expect(messages).toContainEqual(expect.stringContaining("'crunch'"));
  });

  test("'autoclose' closes what was never registered with a reader or writer", async () => {
    const { run } = virtualBridge();
    const closed: number[] = [];
    await run(
      function* (loop) {
        loop.autoclose(5);
      },
      { closeDescriptor: (descriptor) => closed.push(descriptor) },
    );
    expect(closed).toEqual([5]);
  });
});

describe("17: errors have one layer of groups, or none", () => {
  test("none for the body alone", async () => {
    const { run } = virtualBridge();
    const error = new Error("of the body");
    await expect(
      rejectionOf(
        run(function* () {
          throw error;
        }),
      ),
    ).resolves.toBe(error);
  });

  test("one for all that comes from the background", async () => {
    const { run } = virtualBridge();
    const [ofBody, ofCallback] = [new Error("of the body"), new Error("of a callback")];
    const thrown = await rejectionOf(
      run(function* (loop) {
        loop.callSoon(() => {
          throw ofCallback;
        });
        try {
          yield* sleepForever();
        } catch {
          throw ofBody;
        }
      }),
    );
    expect(thrown).toBeInstanceOf(ExceptionGroup);
    expect((thrown as ExceptionGroup).errors).toEqual([ofBody, ofCallback]);
  });
});

test("18: wrappers keep names, and take functions that give iterators and resources", async () => {
  const { run } = virtualBridge();
  const pages = asStructured(async function* pages(count: number) {
    for (let i = 0; i < count; i++) yield i;
  });
  const session = asStructured(function session(name: string) {
    return { enter: async () => name, exit: async () => {} };
  });
  const crawl = asLoop(function* crawl(): Operation<void> {});
  expect([pages.name, session.name, crawl.name]).toEqual(["pages", "session", "crawl"]);
  await run(function* () {
    const seen: number[] = [];
    yield* pages(2).each(function* (page) {
      seen.push(page);
    });
    expect(seen).toEqual([0, 1]);
    expect(
      yield* session("a").hold(function* (name) {
        return name;
      }),
    ).toBe("a");
  });
});

test("19: a loop in a run takes no more turns of the host than a loop alone", async () => {
  const turnsOf = async (
    work: (host: VirtualHost, body: () => Promise<void>) => Promise<void>,
  ): Promise<number> => {
    const host = new CountingHost();
    await work(host, async () => {
      for (let i = 0; i < 1000; i++) await sleep(0);
    });
    return host.turns;
  };
  const alone = await turnsOf(async (host, body) => {
    const loop = new EventLoop({ host });
    await loop.runUntilComplete(body);
    await loop.close();
  });
  const hosted = await turnsOf((host, body) => runOnPlatform(asStructured(body), { host }));
  expect(hosted / alone).toBeLessThan(1.3);
});

test("20: what ignores its one cancellation is named, and left after a grace period", async () => {
  const { run, host } = virtualBridge();
  const errors = await groupedErrorsOf(
    run(
      function* (loop) {
        void loop.createTask(async function stubborn() {
          for (let i = 0; i < 100; i++) await sleep(1000).catch(() => {});
        });
        yield* structuredSleep(5);
      },
      { shutdownGrace: 500 },
    ),
  );
  expect(errors).toEqual([expect.any(ShutdownError)]);
  expect((errors[0] as ShutdownError).left).toEqual([
    "task 'stubborn' waits for a sleep of 1000 ms",
  ]);
  expect(host.now()).toBe(505);
});
