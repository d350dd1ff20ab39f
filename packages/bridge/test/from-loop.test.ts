import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { allTasks, CancelledError, currentTask, sleep } from "@trestle/loop";
import {
  CancelScope,
  checkpoint,
  moveOnAfter,
  openNursery,
  sleep as structuredSleep,
} from "@trestle/structured";
import { describe, expect, test } from "vitest";
import { asStructured } from "../src/index.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

async function* countTo(to: number, ms = 10): AsyncGenerator<number, string> {
  for (let n = 1; n <= to; n++) {
    await sleep(ms);
    yield n;
  }
  return "counted";
}

describe("each of an async iterable", () => {
  test("gives its items one after another, and waits for each body", async () => {
    const { run, log, trace } = virtualBridge();
    await run(() =>
      asStructured(countTo(3)).each(function* (n, unit) {
        log(`${n} ${unit}`);
        yield* structuredSleep(5);
      }, "apples"),
    );
    expect(trace.entries).toEqual([
      [10, "1 apples"],
      [25, "2 apples"],
      [40, "3 apples"],
    ]);
  });

  test("takes any object that 'for await' takes, which is asked in the loop", async () => {
    const { run, log, trace } = virtualBridge();
    const iterable = {
      [Symbol.asyncIterator]: () => {
        log(`begun in ${currentTask()?.name}`);
        let n = 0;
        return {
          next: async () => {
            await sleep(1);
            return { done: ++n > 2, value: n } as IteratorResult<number, number>;
          },
        };
      },
    };
    await run(() =>
      asStructured(iterable).each(function* (n) {
        log(String(n));
      }),
    );
    expect(trace.messages).toEqual(["begun in iteration", "1", "2"]);
  });

  test("can be run again where the iterable can", async () => {
    const { run, log, trace } = virtualBridge();
    const iterable = { [Symbol.asyncIterator]: () => countTo(2) };
    const items = asStructured(iterable);
    await run(function* () {
      for (let i = 0; i < 2; i++)
        yield* items.each(function* (n) {
          log(String(n));
        });
    });
    expect(trace.messages).toEqual(["1", "2", "1", "2"]);
  });

  test("throws the iterator's error after what came before it, and closes nothing", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("no more");
    const items = asStructured(async function* () {
      try {
        yield 1;
        await sleep(5);
        throw error;
      } finally {
        log("cleaned up");
      }
    });
    await expect(
      rejectionOf(
        run(() =>
          items().each(function* (n) {
            log(String(n));
          }),
        ),
      ),
    ).resolves.toBe(error);
    expect(trace.messages).toEqual(["1", "cleaned up"]);
  });

  test("waits for the cleanup where the body fails, in the loop (defect 5: the generator was left to the collector)", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("of the body");
    const items = asStructured(async function* () {
      try {
        yield 1;
      } finally {
        await sleep(5);
        log(`cleaned up in ${currentTask()?.name}`);
      }
    });
    await expect(
      rejectionOf(
        run(() =>
          // oxlint-disable-next-line require-yield -- it fails at once
          items().each(function* () {
            throw error;
          }),
        ),
      ),
    ).resolves.toBe(error);
    expect(trace.entries).toEqual([[5, "cleaned up in anonymous"]]);
  });

  test("adds an error of the cleanup to the body's", async () => {
    const { run } = virtualBridge();
    const [ofBody, ofCleanup] = [new Error("of the body"), new Error("of the cleanup")];
    const items = asStructured(async function* () {
      try {
        yield 1;
      } finally {
        // oxlint-disable-next-line no-unsafe-finally -- that is what is tested
        throw ofCleanup;
      }
    });
    const error = await rejectionOf(
      run(() =>
        // oxlint-disable-next-line require-yield -- it fails at once
        items().each(function* () {
          throw ofBody;
        }),
      ),
    );
    expect(error).toBe(ofBody);
    expect(error).toMatchObject({ suppressed: [ofCleanup] });
  });

  test("throws a cancellation into the iterator that is awaited, and waits for its end (defect 5: it did not wait)", async () => {
    const { run, log, trace } = virtualBridge();
    const items = asStructured(async function* () {
      try {
        yield 1;
        await sleep(100);
        yield 2;
      } catch (error) {
        log(`cancelled: ${error instanceof CancelledError}`);
        throw error;
      } finally {
        await sleep(5);
        log("cleaned up");
      }
    });
    await run(function* () {
      const { cancelledCaught } = yield* moveOnAfter(10, () =>
        items().each(function* (n) {
          log(String(n));
        }),
      );
      log(`caught: ${cancelledCaught}`);
    });
    expect(trace.entries).toEqual([
      [0, "1"],
      [10, "cancelled: true"],
      [15, "cleaned up"],
      [15, "caught: true"],
    ]);
  });

  test("delivers a cancellation of the body to the cleanup, at its first suspension, once", async () => {
    const { run, log, trace } = virtualBridge();
    const items = asStructured(async function* () {
      try {
        yield 1;
      } finally {
        log("cleanup begins");
        try {
          await sleep(5);
        } catch (error) {
          log(`cancelled: ${error instanceof CancelledError}`);
        }
        await sleep(5);
        log("cleaned up");
      }
    });
    await run(function* () {
      const { cancelledCaught } = yield* moveOnAfter(10, () =>
        items().each(function* () {
          yield* structuredSleep(100);
        }),
      );
      log(`caught: ${cancelledCaught}`);
    });
    expect(trace.entries).toEqual([
      [10, "cleanup begins"],
      [10, "cancelled: true"],
      [15, "cleaned up"],
      [15, "caught: true"],
    ]);
  });

  test("gives an item that comes in spite of the cancellation (defect 5: that killed the loop)", async () => {
    const { run, log, trace } = virtualBridge();
    const stubborn = asStructured(async function* () {
      for (let n = 1; ; n++) {
        try {
          await sleep(100);
        } catch {
          await sleep(1);
        }
        yield n;
      }
    });
    await run(function* () {
      const { cancelledCaught } = yield* moveOnAfter(10, () =>
        stubborn().each(function* (n) {
          log(String(n));
          yield* checkpoint();
          log("not reached");
        }),
      );
      log(`caught: ${cancelledCaught}`);
    });
    expect(trace.entries).toEqual([
      [11, "1"],
      [11, "caught: true"],
    ]);
  });

  test("passes a CancelledError that the iterator has of its own on as an error (defect 5: the consumer hung)", async () => {
    const { run } = virtualBridge();
    const own = new CancelledError("of my own");
    const items = asStructured(async function* (): AsyncGenerator<number> {
      await sleep(1);
      throw own;
    });
    await expect(rejectionOf(run(() => items().each(function* () {})))).resolves.toBe(own);
    const odd = asStructured(async function* (): AsyncGenerator<number> {
      // oxlint-disable-next-line only-throw-error -- what is no Error crosses as well
      throw undefined;
    });
    await expect(rejectionOf(run(() => odd().each(function* () {})))).resolves.toBe(undefined);
  });

  test("does not begin in a cancelled scope", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* () {
      const scope = new CancelScope();
      scope.cancel();
      const { cancelledCaught } = yield* scope.run(() =>
        asStructured(async function* () {
          log("begun");
          yield 1;
        })().each(function* () {}),
      );
      expect(cancelledCaught).toBe(true);
    });
    expect(trace.messages).toEqual([]);
  });

  test("leaves no task behind", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      yield* asStructured(countTo(2)).each(function* () {});
      yield* moveOnAfter(15, () => asStructured(countTo(9)).each(function* () {}));
      expect(allTasks(loop).size).toBe(0);
    });
  });
});

describe("a function that gives an async iterable (defect 18)", () => {
  test("is called in the loop, with the arguments, each time that it is used", async () => {
    const { run, log, trace } = virtualBridge();
    const count = asStructured(countTo);
    expect(count.name).toBe("countTo");
    await run(function* () {
      const call = count(2, 5);
      for (let i = 0; i < 2; i++)
        yield* call.each(function* (n) {
          log(String(n));
        });
    });
    expect(trace.entries).toEqual([
      [5, "1"],
      [10, "2"],
      [15, "1"],
      [20, "2"],
    ]);
  });

  test("may be a plain one, or an async one that opens something first", async () => {
    const { run, log, trace } = virtualBridge();
    const plain = asStructured((to: number) => countTo(to));
    const opening = asStructured(async (to: number) => {
      log(`opened in ${currentTask()?.name}`);
      await sleep(1);
      return countTo(to);
    });
    await run(function* () {
      yield* plain(1).each(function* (n) {
        log(String(n));
      });
      yield* opening(1).each(function* (n) {
        log(String(n));
      });
    });
    expect(trace.messages).toEqual(["1", "opened in anonymous", "1"]);
  });

  test("has no single value, and says so", async () => {
    const { run } = virtualBridge();
    const count = asStructured(countTo) as unknown as (to: number) => () => Generator<never>;
    const error = await rejectionOf(run(() => count(1) as never));
    expect(error).toBeInstanceOf(WrongFlavorError);
    expect((error as Error).message).toMatch(
      /^Cannot wait for countTo \(async generator function\): it has no single value\.\nGo through its items/,
    );
    const iterable = await rejectionOf(run(() => asStructured(countTo(1)) as never));
    expect((iterable as Error).message).toMatch(/it has no single value/);
  });

  test("is refused where it gives something else", async () => {
    const { run } = virtualBridge();
    const wrong = asStructured((() => [1, 2]) as unknown as () => AsyncIterable<number>);
    const error = await rejectionOf(run(() => wrong().each(function* () {})));
    expect(error).toBeInstanceOf(ArgumentError);
    expect((error as Error).message).toMatch(/^Cannot go through .*: it is no async iterable\./);
    const odd = asStructured({
      [Symbol.asyncIterator]: () => ({ next: async () => 5 as unknown as IteratorResult<number> }),
    });
    await expect(run(() => odd.each(function* () {}))).rejects.toThrow(
      /its iterator gave 5 \(number\), which is no iterator result/,
    );
  });
});

describe("open of an async iterable", () => {
  test("gives a handle for single steps", async () => {
    const { run } = virtualBridge();
    const items = await run(() =>
      asStructured(countTo(2)).open(function* (numbers, first) {
        const results: unknown[] = [first];
        for (let i = 0; i < 4; i++) results.push(yield* numbers.next());
        return results;
      }, "from here"),
    );
    expect(items).toEqual([
      "from here",
      { done: false, value: 1 },
      { done: false, value: 2 },
      { done: true, value: "counted" },
      { done: true, value: undefined },
    ]);
  });

  test("closes the iterator that its body has not brought to its end", async () => {
    const { run, log, trace } = virtualBridge();
    const items = asStructured(async function* () {
      try {
        yield 1;
        yield 2;
      } finally {
        await sleep(5);
        log("cleaned up");
      }
    });
    await run(function* () {
      const first = yield* items().open(function* (numbers) {
        return (yield* numbers.next()).value;
      });
      log(`first: ${String(first)}`);
    });
    expect(trace.entries).toEqual([
      [5, "cleaned up"],
      [5, "first: 1"],
    ]);
  });

  test("does not begin an iterator of which nothing is asked", async () => {
    const { run } = virtualBridge();
    let calls = 0;
    const items = asStructured(() => {
      calls++;
      return countTo(1);
    });
    await run(() => items().open(function* () {}));
    expect(calls).toBe(0);
  });
});

describe("hold of a resource", () => {
  test("holds what a function gives, with the call in the same task", async () => {
    const { run, log, trace } = virtualBridge();
    const tasks: unknown[] = [];
    const open = asStructured(async function connect(name: string) {
      tasks.push(currentTask());
      await sleep(5);
      log(`${name} open`);
      return {
        name,
        async [Symbol.asyncDispose]() {
          tasks.push(currentTask());
          await sleep(5);
          log(`${name} closed`);
        },
      };
    });
    const value = await run(() =>
      open("db").hold(function* (db, query) {
        log(`${query} in ${db.name}`);
        yield* structuredSleep(10);
        return "row";
      }, "select"),
    );
    expect(value).toBe("row");
    expect(trace.entries).toEqual([
      [5, "db open"],
      [5, "select in db"],
      [20, "db closed"],
    ]);
    expect(tasks[0]).toBe(tasks[1]);
  });

  test("can be held in several tasks, each with a call of its own", async () => {
    const { run, log, trace } = virtualBridge();
    const open = asStructured(async (name: string) => ({
      [Symbol.asyncDispose]: async () => log(`${name} closed`),
    }));
    await run(() =>
      openNursery(function* (nursery) {
        for (const [name, ms] of [
          ["slow", 20],
          ["quick", 10],
        ] as const) {
          nursery.startSoon(() => open(name).hold(() => structuredSleep(ms)));
        }
      }),
    );
    expect(trace.entries).toEqual([
      [10, "quick closed"],
      [20, "slow closed"],
    ]);
  });

  test("is refused for what is no resource", async () => {
    const { run } = virtualBridge();
    const call = asStructured(async () => 5)() as unknown as {
      hold: (body: () => Generator<never, void>) => Generator<never, void>;
    };
    const error = await rejectionOf(run(() => call.hold(function* () {})));
    expect(error).toBeInstanceOf(ArgumentError);
    expect((error as Error).message).toMatch(/^Cannot hold 5 \(number\): it is no resource\.\n/);
  });
});

test("an await of a wrapper, or of what its methods give, is answered in words", async () => {
  const items = asStructured(countTo(1));
  for (const given of [items, items.each(function* () {}), items.open(function* () {})]) {
    await expect(rejectionOf(given as unknown as Promise<unknown>)).resolves.toBeInstanceOf(
      WrongFlavorError,
    );
  }
});
