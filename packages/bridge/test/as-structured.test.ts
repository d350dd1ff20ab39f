import { WrongFlavorError } from "@trestle/host";
import {
  CancelledError,
  currentLoop as runningLoop,
  currentTask,
  Future,
  sleep,
} from "@trestle/loop";
import {
  checkpoint,
  currentTime,
  fromPromise,
  inStructuredTask,
  moveOnAfter,
  NoRunError,
  openMemoryChannel,
  openNursery,
  run as runStructured,
  sleep as structuredSleep,
  type Operation,
  type TaskStatus,
} from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { asStructured, NoHostedLoopError, openLoop } from "../src/index.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

describe("a call of an async function", () => {
  test("gives the function's value, and waits for it", async () => {
    const { run, host } = virtualBridge();
    const add = asStructured(async (a: number, b: number) => {
      await sleep(10);
      return a + b;
    });
    await expect(run(() => add(1, 2))).resolves.toBe(3);
    expect(host.now()).toBe(10);
  });

  test("throws the function's error, the very object (trio-asyncio 2.6)", async () => {
    const { run } = virtualBridge();
    const error = new RangeError("of the function");
    const fail = asStructured(async () => {
      await sleep(1);
      throw error;
    });
    await expect(rejectionOf(run(() => fail()))).resolves.toBe(error);
  });

  test("throws what is no Error as it is", async () => {
    const { run } = virtualBridge();
    for (const thrown of ["a text", 0, null, undefined]) {
      const fail = asStructured(async () => {
        throw thrown;
      });
      await expect(rejectionOf(run(() => fail()))).resolves.toBe(thrown);
    }
  });

  test("throws what a plain function throws, and leaves the task alive", async () => {
    const { run } = virtualBridge();
    const error = new Error("before there is a promise");
    const fail = asStructured((): Promise<void> => {
      throw error;
    });
    const caught = await run(function* () {
      try {
        yield* fail();
      } catch (thrown) {
        yield* checkpoint();
        return thrown;
      }
      return undefined;
    });
    expect(caught).toBe(error);
  });

  test("runs the function as a task of the loop from its first line on (trio-asyncio 2.6)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const look = asStructured(async function crawl() {
        log(`${currentTask()?.name}, ${runningLoop() === loop}, ${inStructuredTask()}`);
        await sleep(0);
        log(`${currentTask()?.name}, ${runningLoop() === loop}, ${inStructuredTask()}`);
      });
      yield* look();
    });
    expect(trace.messages).toEqual(["crawl, true, false", "crawl, true, false"]);
  });

  test("makes one task, which starts behind what is queued in the loop (trio-asyncio 2.6)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      loop.callSoon(log, "queued before");
      const work = asStructured(async () => {
        loop.callSoon(log, "queued by the function");
        log("the function");
      });
      yield* work();
      log("after the call");
    });
    expect(trace.messages).toEqual([
      "queued before",
      "the function",
      "queued by the function",
      "after the call",
    ]);
  });

  test("calls the function anew each time that it is run", async () => {
    const { run } = virtualBridge();
    let calls = 0;
    const count = asStructured(async () => ++calls)();
    const counted = await run(function* () {
      return [yield* count, yield* count];
    });
    expect(counted).toEqual([1, 2]);
  });

  test("runs nothing as long as it is not run itself", async () => {
    const { run } = virtualBridge();
    let calls = 0;
    await run(function* () {
      asStructured(async () => ++calls)();
      yield* structuredSleep(10);
    });
    expect(calls).toBe(0);
  });

  test("takes a function that returns a Future or another thenable (trio-asyncio 2.6)", async () => {
    const { run, host } = virtualBridge();
    const nap = asStructured((ms: number) => sleep(ms, "rested"));
    const thenable = asStructured((value: string): PromiseLike<string> => ({
      then: (resolve) => Promise.resolve(value).then(resolve),
    }));
    const values = await run(function* () {
      return [yield* nap(10), yield* thenable("odd")];
    });
    expect(values).toEqual(["rested", "odd"]);
    expect(host.now()).toBe(10);
  });

  test("gives what a Future of the loop was cancelled with as an ordinary error", async () => {
    const { run } = virtualBridge();
    const error = await rejectionOf(
      run(
        asStructured(async () => {
          const reply = new Future<void>();
          reply.cancel("no reply");
          await reply;
        }),
      ),
    );
    expect(error).toBeInstanceOf(CancelledError);
    expect((error as CancelledError).message).toBe("no reply");
  });
});

describe("the wrapper", () => {
  test("keeps the function's name", () => {
    expect(asStructured(async function crawl() {}).name).toBe("crawl");
    expect(asStructured((() => async () => {})()).name).toBe("");
  });

  test("may be a method, which is called on its object (defect 18)", async () => {
    const { run } = virtualBridge();
    class Client {
      readonly prefix = "hello";
      greet = asStructured(async function greet(this: Client, name: string) {
        await sleep(1);
        return `${this.prefix} ${name}`;
      });
      names = asStructured(async function* (this: Client) {
        yield this.prefix;
      });
    }
    const client = new Client();
    await run(function* () {
      expect(yield* client.greet("you")).toBe("hello you");
      yield* client.names().each(function* (name) {
        expect(name).toBe("hello");
      });
    });
  });

  test("can be given to a nursery (trio-asyncio 2.6)", async () => {
    const { run, log, trace } = virtualBridge();
    const work = asStructured(async (name: string, ms: number) => {
      log(`${name} starts`);
      await sleep(ms);
      log(`${name} ends`);
    });
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(work, "slow", 20);
        nursery.startSoon(work, "quick", 10);
      }),
    );
    expect(trace.entries).toEqual([
      [0, "slow starts"],
      [0, "quick starts"],
      [10, "quick ends"],
      [20, "slow ends"],
    ]);
  });

  test("can be started until it reports, from loop code (trio-asyncio 2.6)", async () => {
    const { run, log, trace } = virtualBridge();
    const serve = asStructured(async (status: TaskStatus<number>, port: number) => {
      await sleep(5);
      status.started(port);
      await sleep(10);
      log("served");
    });
    await run(() =>
      openNursery(function* (nursery) {
        const port = yield* nursery.start(serve, 8080);
        log(`started on ${port}`);
      }),
    );
    expect(trace.entries).toEqual([
      [5, "started on 8080"],
      [15, "served"],
    ]);
  });

  test("runs in the loop of the place where the call is run (trio-asyncio 2.6)", async () => {
    const { run } = virtualBridge();
    const where = asStructured(async () => runningLoop());
    await run(function* (outer) {
      const call = where();
      expect(yield* call).toBe(outer);
      yield* openLoop(function* (inner) {
        expect(yield* call).toBe(inner);
        expect(yield* where()).toBe(inner);
      });
      expect(yield* where()).toBe(outer);
    });
  });

  test("runs in the loop that was named, wherever it is called (trio-asyncio 2.20)", async () => {
    const { run } = virtualBridge();
    await run(function* (outer) {
      const where = asStructured(async () => runningLoop(), { loop: outer });
      yield* openLoop(function* () {
        expect(yield* where()).toBe(outer);
      });
    });
  });

  test("needs an open loop only when it is called, and says so (trio-asyncio 7, 10)", async () => {
    const load = asStructured(async function load() {});
    const error = await rejectionOf(runStructured(() => load(), { host: new VirtualHost() }));
    expect(error).toBeInstanceOf(NoHostedLoopError);
    expect((error as Error).message).toMatch(
      /^Cannot call 'load' from structured code: no loop is open here\.\nOpen one/,
    );
  });

  test("needs a run", () => {
    const call = asStructured(async () => {})();
    expect(() => call[Symbol.iterator]().next()).toThrow(NoRunError);
  });
});

describe("a Future", () => {
  test("is waited for, for its value or its error", async () => {
    const { run, host } = virtualBridge();
    const error = new Error("no reply");
    await run(function* (loop) {
      const reply = loop.createFuture<string>();
      loop.callLater(10, () => reply.setResult("hello"));
      expect(yield* asStructured(reply)).toBe("hello");
      const failing = loop.createFuture<string>();
      loop.callLater(10, () => failing.setException(error));
      try {
        yield* asStructured(failing);
      } catch (thrown) {
        expect(thrown).toBe(error);
      }
    });
    expect(host.now()).toBe(20);
  });

  test("is cancelled by the scope around the waiting", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      const reply = loop.createFuture<void>();
      const { cancelledCaught } = yield* moveOnAfter(10, () => asStructured(reply));
      expect(cancelledCaught).toBe(true);
      expect(reply.cancelled()).toBe(true);
    });
  });
});

describe("a promise", () => {
  test("is waited for, for its value or its error", async () => {
    const { run } = virtualBridge();
    const error = new Error("rejected");
    await run(function* () {
      expect(yield* asStructured(Promise.resolve(42))).toBe(42);
      try {
        yield* asStructured(Promise.reject(error));
      } catch (thrown) {
        expect(thrown).toBe(error);
      }
    });
  });

  test("needs no loop", async () => {
    const host = new VirtualHost();
    await expect(runStructured(() => asStructured(Promise.resolve(42)), { host })).resolves.toBe(
      42,
    );
  });

  test("is no longer looked at when its scope is cancelled", async () => {
    const { run } = virtualBridge();
    let resolve = (_value: string): void => {};
    const promise = new Promise<string>((onResolve) => {
      resolve = onResolve;
    });
    await run(function* () {
      const at = currentTime();
      const { cancelledCaught } = yield* moveOnAfter(0, () => asStructured(promise));
      expect(cancelledCaught).toBe(true);
      expect(currentTime()).toBe(at);
      resolve("late");
      expect(yield* fromPromise(promise)).toBe("late");
    });
  });
});

describe("a call that lets go", () => {
  test("ends at once when it is cancelled, and its task is cancelled too", async () => {
    const { run, log, trace } = virtualBridge();
    const stubborn = asStructured(
      async () => {
        try {
          await sleep(100);
        } finally {
          await sleep(5);
          log("task has unwound");
        }
      },
      { onCancel: "abandon" },
    );
    await run(function* () {
      const { cancelledCaught } = yield* moveOnAfter(10, () => stubborn());
      log(`caught: ${cancelledCaught}`);
      yield* structuredSleep(20);
    });
    expect(trace.entries).toEqual([
      [10, "caught: true"],
      [15, "task has unwound"],
    ]);
  });

  test("is wanted by one of two words", () => {
    expect(() => asStructured(async () => {}, { onCancel: "ignore" as "wait" })).toThrow(
      /^Cannot call an async function with "ignore" \(string\) for 'onCancel': "wait" or "abandon" is wanted\.$/,
    );
  });
});

describe("what gives items, or is a resource", () => {
  test("is used in the loop that was named, or the current one when it is run", async () => {
    const { run } = virtualBridge();
    const where = async function* () {
      yield runningLoop();
    };
    await run(function* (outer) {
      const named = asStructured(where, { loop: outer });
      const object = asStructured({ [Symbol.asyncIterator]: where }, { loop: outer });
      const resource = asStructured({ enter: () => runningLoop(), exit: () => {} });
      yield* openLoop(function* (inner) {
        for (const items of [named(), object])
          yield* items.each(function* (loop) {
            expect(loop).toBe(outer);
          });
        yield* asStructured(where)().each(function* (loop) {
          expect(loop).toBe(inner);
        });
        yield* resource.hold(function* (loop) {
          expect(loop).toBe(inner);
        });
      });
    });
  });

  test("needs an open loop only when it is used, and says so (defect 10)", async () => {
    const { host } = virtualBridge();
    const items = asStructured(async function* pages() {});
    const resource = asStructured({ enter: () => 1, exit: () => {} });
    const uses = [
      () => items().each(function* () {}),
      () => items().open(function* () {}),
      () => resource.hold(function* () {}),
    ];
    for (const use of uses)
      await expect(runStructured(use, { host })).rejects.toThrow(NoHostedLoopError);
  });

  test("keeps the name of its function (defect 18)", () => {
    expect(asStructured(async function* pages() {}).name).toBe("pages");
  });

  test("may be a promise as well, and is used by either face", async () => {
    const { run } = virtualBridge();
    const query = {
      then: (resolve: (rows: number[]) => unknown) => Promise.resolve([1, 2]).then(resolve),
      async *[Symbol.asyncIterator]() {
        yield 1;
        yield 2;
      },
    } as unknown as Promise<number[]> & AsyncIterable<number>;
    const seen: number[] = [];
    await run(function* () {
      expect(yield* asStructured(query)).toEqual([1, 2]);
      const asked = asStructured(() => query)();
      expect(yield* asked).toEqual([1, 2]);
      for (const items of [asStructured(query), asked])
        yield* items.each(function* (row) {
          seen.push(row);
        });
    });
    expect(seen).toEqual([1, 2, 1, 2]);
  });

  test("can be given to a nursery, and to start (item by item)", async () => {
    const { run, log, trace } = virtualBridge();
    const pages = asStructured(async function* (ms: number) {
      for (;;) {
        await sleep(ms);
        yield ms;
      }
    });
    await run(() =>
      openNursery(function* (nursery) {
        const started = yield* nursery.start((status: TaskStatus<number>) =>
          pages(10).each(function* (page) {
            status.started(page);
            nursery.cancelScope.cancel();
            yield* checkpoint();
          }),
        );
        log(`started with ${started}`);
      }),
    );
    expect(trace.entries).toEqual([[10, "started with 10"]]);
  });
});

describe("what is not of the loop flavor", () => {
  const refusal = (x: unknown): string => {
    try {
      asStructured(x as Promise<void>);
    } catch (error) {
      expect(error).toBeInstanceOf(WrongFlavorError);
      return (error as Error).message;
    }
    return "";
  };

  test("is refused, with the right call", () => {
    function* crawl(): Operation<void> {}
    async function* pages(): AsyncGenerator<string> {}
    expect(refusal(crawl)).toBe(
      "Cannot make crawl (generator function) structured: it is already.\n" +
        "Call it with 'yield*'; for loop code, wrap it by 'asLoop'.",
    );
    expect(refusal(crawl())).toBe(
      "Cannot make a Generator structured.\nAn operation needs no wrapper: write 'yield*' before it.",
    );
    expect(refusal(structuredSleep(1))).toMatch(
      /\nAn operation needs no wrapper: write 'yield\*' before it\.$/,
    );
    expect(refusal(asStructured(async () => {})())).toMatch(/\nIt is structured already\.$/);
    expect(refusal(asStructured(pages)())).toBe(
      "Cannot make a FromLoop structured.\nIt is structured already.",
    );
    expect(refusal(5)).toBe(
      "Cannot make 5 (number) structured.\n" +
        "Give an async function, a Future, a promise, an async iterable or a resource.",
    );
    const [send, receive] = openMemoryChannel<number>(0);
    for (const x of [send, receive, [1, 2], new Map()]) expect(refusal(x)).toMatch(/^Cannot make /);
    expect(refusal(undefined)).toMatch(/^Cannot make undefined structured/);
    expect(refusal({})).toMatch(/^Cannot make an Object structured/);
  });

  test("is refused when the call gives an operation", async () => {
    const { run } = virtualBridge();
    const wrong = asStructured((() => structuredSleep(1)) as unknown as () => Promise<void>);
    await expect(run(() => wrong())).rejects.toThrow(WrongFlavorError);
    const doubled = asStructured(asStructured(async () => {}) as unknown as () => Promise<void>);
    await expect(run(() => doubled())).rejects.toThrow(WrongFlavorError);
  });
});

test("an await of a call is answered in words", async () => {
  const { run } = virtualBridge();
  const load = asStructured(async () => 5);
  const error = await rejectionOf(
    run(
      asStructured(async () => {
        // @ts-expect-error -- the mistake that is answered
        // oxlint-disable-next-line await-thenable -- the same
        await load();
      }),
    ),
  );
  expect(error).toBeInstanceOf(WrongFlavorError);
  expect((error as Error).message).toMatch(/^Cannot await an operation/);
});
