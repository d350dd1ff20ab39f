import { ExceptionGroup, WrongFlavorError } from "@trestle/host";
import {
  createTask,
  ensureFuture,
  Future,
  gather,
  LoopClosedError,
  run as runLoop,
  shield,
  sleep,
  taskGroup,
  timeout,
  TimeoutError,
  waitFor,
} from "@trestle/loop";
import {
  CancelScope,
  checkpoint,
  currentEffectiveDeadline,
  currentTask,
  inStructuredTask,
  moveOnAfter,
  openNursery,
  sleep as structuredSleep,
  type Operation,
} from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  asLoop,
  asStructured,
  awaitFuture,
  currentLoop,
  NoHostedLoopError,
  openLoop,
} from "../src/index.js";
import { groupedErrorsOf, rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

const nap = asLoop(function* nap(ms: number, value?: string) {
  yield* structuredSleep(ms);
  return value ?? "rested";
});

const shieldedNap = asLoop(function* shieldedNap(ms: number) {
  yield* new CancelScope({ shield: true }).run(() => structuredSleep(ms));
  return "rested";
});

describe("a call of a structured function", () => {
  test("gives a pending Future of the loop at once (trio-asyncio 2.9)", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      yield* asStructured(async () => {
        const future = nap(10);
        expect(future).toBeInstanceOf(Future);
        expect(future.loop).toBe(loop);
        expect(future.done()).toBe(false);
        expect(ensureFuture(future)).toBe(future);
        expect(await future).toBe("rested");
      })();
    });
  });

  test("throws the function's error, the very object, where the Future is awaited", async () => {
    const { run } = virtualBridge();
    const error = new RangeError("of the function");
    const fail = asLoop(function* (): Operation<void> {
      yield* structuredSleep(1);
      throw error;
    });
    const caught = asStructured(async () => {
      try {
        await fail();
      } catch (thrown) {
        return thrown;
      }
      return undefined;
    });
    await expect(run(() => caught())).resolves.toBe(error);
  });

  test("gives the group of a nursery as it is (trio-asyncio 2.10)", async () => {
    const { run } = virtualBridge();
    const error = new Error("of a child");
    const fail = asLoop(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          throw error;
        });
        yield* structuredSleep(10);
      }),
    );
    const caught = await rejectionOf(run(asStructured(async () => fail())));
    expect(caught).toBeInstanceOf(ExceptionGroup);
    expect((caught as ExceptionGroup).errors).toEqual([error]);
  });

  test("may be made in a plain callback, and in structured code (trio-asyncio 2.9)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      loop.callSoon(() =>
        nap(10, "of a callback").addDoneCallback((future) => log(future.result())),
      );
      const future = nap(20, "of structured code");
      log(yield* awaitFuture(future));
    });
    expect(trace.entries).toEqual([
      [10, "of a callback"],
      [20, "of structured code"],
    ]);
  });

  test("is queued like callSoon, and the next callback runs after the first step (trio-asyncio 2.10)", async () => {
    const { run, log, trace } = virtualBridge();
    const work = asLoop(function* (name: string) {
      log(`${name}: first step`);
      yield* checkpoint();
      log(`${name}: second step`);
    });
    await run(function* (loop) {
      loop.callSoon(() => {
        void work("a");
        loop.callSoon(log, "callback 1");
        void work("b");
        loop.callSoon(log, "callback 2");
      });
      yield* structuredSleep(1);
    });
    expect(trace.messages.filter((message) => !message.includes("second"))).toEqual([
      "a: first step",
      "callback 1",
      "b: first step",
      "callback 2",
    ]);
  });

  test("has its first step before the next callback also where thousands of tasks are ready", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      yield* openNursery(function* (nursery) {
        for (let i = 0; i < 2000; i++) {
          nursery.startSoon(function* () {
            for (;;) yield* checkpoint();
          });
        }
        yield* checkpoint();
        void asLoop(function* () {
          log("first step");
        })();
        loop.callSoon(() => {
          log("next callback");
          nursery.cancelScope.cancel();
        });
      });
    });
    expect(trace.messages).toEqual(["first step", "next callback"]);
  });

  test("tells wrong arguments through the Future, not at the call (trio-asyncio 2.9)", async () => {
    const { run } = virtualBridge();
    const strict = asLoop((n: number): Operation<void> => {
      if (n < 0) throw new RangeError("negative");
      return structuredSleep(n);
    });
    await run(function* () {
      const future = strict(-1);
      expect(future.done()).toBe(false);
      yield* expectToThrow(awaitFuture(future), RangeError);
    });
  });

  test("runs in structured code, in a task with the function's name", async () => {
    const { run } = virtualBridge();
    const look = asLoop(function* crawl() {
      return [currentTask().name, inStructuredTask()];
    });
    await expect(run(asStructured(async () => look()))).resolves.toEqual(["crawl", true]);
  });

  test("runs in the loop's nursery: scopes around the caller do not apply (trio-asyncio 2.10)", async () => {
    const { run, log, trace } = virtualBridge();
    const look = asLoop(function* () {
      log(`deadline ${currentEffectiveDeadline()}`);
      yield* structuredSleep(10);
      log("rested");
    });
    await run(function* () {
      let future: Future<void> | undefined;
      yield* moveOnAfter(5, function* () {
        future = look();
        yield* structuredSleep(100);
      });
      yield* awaitFuture(future as Future<void>);
    });
    expect(trace.entries).toEqual([
      [0, "deadline Infinity"],
      [10, "rested"],
    ]);
  });

  test("has the loop that it was made on as the current one (trio-asyncio 7, 11)", async () => {
    const { run } = virtualBridge();
    await run(function* (outer) {
      const where = asLoop(
        function* () {
          const inside = yield* asStructured(async () => currentLoop())();
          return [currentLoop() === outer, inside === outer];
        },
        { loop: outer },
      );
      yield* openLoop(function* () {
        expect(yield* awaitFuture(where())).toEqual([true, true]);
      });
    });
  });
});

describe("the tools of the loop flavor", () => {
  test("gather what such calls give (trio-asyncio 2.9)", async () => {
    const { run, host } = virtualBridge();
    const both = asStructured(async () => gather([nap(20, "a"), nap(10, "b")]));
    await expect(run(() => both())).resolves.toEqual(["a", "b"]);
    expect(host.now()).toBe(20);
  });

  test("run one as a task, and in a task group", async () => {
    const { run } = virtualBridge();
    const work = asStructured(async () =>
      taskGroup(async (group) => {
        const first = group.createTask(nap, 10, "a");
        const second = createTask(nap, 10, "b");
        return [await first, await second];
      }),
    );
    await expect(run(() => work())).resolves.toEqual(["a", "b"]);
  });

  test("wait for the unwinding before they give up (trio-asyncio 2.11)", async () => {
    const { run, log, trace } = virtualBridge();
    const tidy = asLoop(function* () {
      try {
        yield* structuredSleep(100);
      } finally {
        yield* new CancelScope({ shield: true }).run(() => structuredSleep(5));
        log("tidied");
      }
    });
    const impatient = asStructured(async () => {
      await expect(waitFor(tidy(), 10)).rejects.toBeInstanceOf(TimeoutError);
      log("waitFor gave up");
      await expect(timeout(10, () => tidy())).rejects.toBeInstanceOf(TimeoutError);
      log("timeout gave up");
    });
    await run(() => impatient());
    expect(trace.entries).toEqual([
      [15, "tidied"],
      [15, "waitFor gave up"],
      [30, "tidied"],
      [30, "timeout gave up"],
    ]);
  });

  test("give a late value and no TimeoutError where the call is shielded (trio-asyncio 2.11)", async () => {
    const { run, host } = virtualBridge();
    const late = asStructured(async () => waitFor(shieldedNap(20), 10));
    await expect(run(() => late())).resolves.toBe("rested");
    expect(host.now()).toBe(20);
  });

  test("shield one from the cancellation of the waiting", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const future = nap(20, "went on");
      const task = loop.createTask(async () => shield(future));
      yield* structuredSleep(10);
      task.cancel();
      log(yield* awaitFuture(future));
      expect(task.cancelled()).toBe(true);
    });
    expect(trace.entries).toEqual([[20, "went on"]]);
  });
});

describe("a failure that nobody looks at", () => {
  test("comes out of the block, at latest at its end (trio-asyncio 7, 12)", async () => {
    const { run } = virtualBridge();
    const error = new Error("nobody looks");
    const kept: Future<void>[] = [];
    const errors = await groupedErrorsOf(
      run(function* () {
        kept.push(
          asLoop(function* () {
            throw error;
          })(),
        );
        yield* structuredSleep(10);
      }),
    );
    expect(errors).toEqual([error]);
  });
});

describe("the wrapper", () => {
  test("may be a method, which is called on its object (defect 18)", async () => {
    const { run } = virtualBridge();
    class Client {
      readonly prefix = "hello";
      greet = asLoop(function* greet(this: Client, name: string) {
        yield* structuredSleep(1);
        return `${this.prefix} ${name}`;
      });
    }
    const client = new Client();
    await expect(run(asStructured(async () => client.greet("you")))).resolves.toBe("hello you");
  });

  test("keeps the function's name", () => {
    expect(asLoop(function* crawl() {}).name).toBe("crawl");
    expect(nap.name).toBe("nap");
  });

  test("names the call in what waits for it", async () => {
    const { run } = virtualBridge();
    await run(function* () {
      expect(nap(1).describe()).toBe("structured function 'nap'");
      expect(asLoop((() => function* () {})())().describe()).toBe(
        "structured function 'anonymous'",
      );
    });
  });

  test("throws where no loop of the bridge runs, at the call (trio-asyncio 7, 10)", async () => {
    expect(() => nap(1)).toThrow(NoHostedLoopError);
    expect(() => nap(1)).toThrow(/^Cannot call 'nap' from loop code: no loop is open here\.\n/);
    await runLoop(
      async () => {
        expect(() => nap(1)).toThrow(NoHostedLoopError);
        await sleep(0);
      },
      { host: new VirtualHost() },
    );
  });

  test("throws LoopClosedError once the block has ended (trio-asyncio 2.10)", async () => {
    const { run } = virtualBridge();
    const loop = await run(function* (hosted) {
      return hosted;
    });
    expect(() => asLoop(function* () {}, { loop })()).toThrow(LoopClosedError);
  });
});

describe("an operation", () => {
  test("is run at once, as a task, and gives its Future", async () => {
    const { run, host } = virtualBridge();
    await run(
      asStructured(async () => {
        const rest = asLoop(structuredSleep(10));
        await sleep(10);
        await rest;
        function* add(a: number, b: number): Operation<number> {
          yield* checkpoint();
          return a + b;
        }
        expect(await asLoop(add(1, 2))).toBe(3);
        // What has been across is an operation as well.
        expect(await asLoop(asStructured(async () => 5)())).toBe(5);
      }),
    );
    expect(host.now()).toBe(10);
  });

  test("is cancelled with its Future", async () => {
    const { run, host } = virtualBridge();
    await run(
      asStructured(async () => {
        await expect(waitFor(asLoop(structuredSleep(100)), 10)).rejects.toBeInstanceOf(
          TimeoutError,
        );
      }),
    );
    expect(host.now()).toBe(10);
  });

  test("needs a loop, at once (trio-asyncio 7, 10)", () => {
    expect(() => asLoop(structuredSleep(1))).toThrow(NoHostedLoopError);
  });
});

describe("what is not of the structured flavor", () => {
  const refusal = (x: unknown): string => {
    try {
      asLoop(x as () => Operation<void>);
    } catch (error) {
      expect(error).toBeInstanceOf(WrongFlavorError);
      return (error as Error).message;
    }
    return "";
  };

  test("is refused, with the right call", () => {
    async function load(): Promise<void> {}
    async function* pages(): AsyncGenerator<string> {}
    expect(refusal(load)).toBe(
      "Cannot make load (async function) loop-flavored: it is already.\n" +
        "Call it as it is; for structured code, wrap it by 'asStructured'.",
    );
    expect(refusal(pages)).toMatch(
      /^Cannot make pages \(async generator function\) loop-flavored: it is already/,
    );
    expect(refusal(load())).toMatch(
      /^Cannot make a Promise .*loop-flavored: it is already\.\nAwait it/,
    );
    expect(refusal(5)).toBe(
      "Cannot make 5 (number) loop-flavored: it is no structured function.\n" +
        "Give 'function* () { ... }', an operation, a channel or a resource.",
    );
    for (const x of [undefined, "text", [1, 2], {}])
      expect(refusal(x)).toMatch(/loop-flavored: it is no structured function\.\n/);
  });

  test("is refused through the Future where only the call shows it", async () => {
    const { run } = virtualBridge();
    await run(function* () {
      const promised = asLoop((() => Promise.resolve(1)) as unknown as () => Operation<void>);
      yield* expectToThrow(awaitFuture(promised()), WrongFlavorError);
      const valued = asLoop(function valued() {
        return 1;
      } as unknown as () => Operation<void>);
      const error = yield* expectToThrow(awaitFuture(valued()), WrongFlavorError);
      expect(error.message).toMatch(
        /^Cannot call 'valued' from loop code: valued \(function\) returned 1 \(number\), not an operation\.\n/,
      );
    });
  });
});

function* expectToThrow<E extends Error>(
  operation: Operation<unknown>,
  kind: new (message: string) => E,
): Operation<E> {
  try {
    yield* operation;
  } catch (error) {
    expect(error).toBeInstanceOf(kind);
    return error as E;
  }
  throw new Error("Expected an error.");
}
