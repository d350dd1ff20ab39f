import type { ExceptionGroup } from "@trestle/host";
import { CancelledError, gather, sleep, timeout, TimeoutError, waitFor } from "@trestle/loop";
import {
  BrokenResourceError,
  CancelScope,
  ContextVar,
  currentTask,
  failAfter,
  isCancelled,
  openMemoryChannel,
  openNursery,
  sleep as structuredSleep,
  TooSlowError,
  type Operation,
} from "@trestle/structured";
import { describe, expect, test } from "vitest";
import { asLoop, asStructured } from "../src/index.js";
import { groupedErrorsOf, rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

type Send<T> = (item: T) => Operation<void>;

/** Loop code as the main task. */
function inLoop<T>(main: () => Promise<T>): () => Operation<T> {
  return () => asStructured(main)();
}

function countTo(to: number, ms = 10): { each(send: Send<number>): Operation<void> } {
  return {
    *each(send) {
      for (let n = 1; n <= to; n++) {
        yield* structuredSleep(ms);
        yield* send(n);
      }
    },
  };
}

describe("a source that sends", () => {
  test("is gone through by 'for await', an item ahead of nobody", async () => {
    const { run, log, trace } = virtualBridge();
    await run(
      inLoop(async () => {
        for await (const n of asLoop(countTo(3))) {
          log(String(n));
          await sleep(5);
        }
        log("over");
      }),
    );
    expect(trace.entries).toEqual([
      [10, "1"],
      [25, "2"],
      [40, "3"],
      [45, "over"],
    ]);
  });

  test("runs in one structured task, in which its variables and scopes last from item to item (defect 2)", async () => {
    const { run } = virtualBridge();
    const variable = new ContextVar("variable", { defaultValue: 0 });
    const tasks = new Set<unknown>();
    const seen: number[] = [];
    await run(
      inLoop(async () => {
        const source = asLoop({
          *each(send: Send<number>) {
            yield* new CancelScope().run(function* () {
              for (let i = 0; i < 3; i++) {
                tasks.add(currentTask());
                variable.set(variable.get() + 1);
                yield* send(variable.get());
              }
            });
          },
        });
        for await (const n of source) seen.push(n);
      }),
    );
    expect(seen).toEqual([1, 2, 3]);
    expect([...tasks].map((task) => (task as { name: string }).name)).toEqual(["iteration"]);
  });

  test("may have a nursery open around its sends (defect 2: that destroyed the loop)", async () => {
    const { run, log, trace } = virtualBridge();
    const merged = asLoop({
      each: (send: Send<string>) =>
        openNursery(function* (nursery) {
          for (const [name, ms] of [
            ["slow", 20],
            ["quick", 8],
          ] as const) {
            nursery.startSoon(function* () {
              for (let i = 0; i < 2; i++) {
                yield* structuredSleep(ms);
                yield* send(name);
              }
            });
          }
        }),
    });
    await run(
      inLoop(async () => {
        for await (const name of merged) log(name);
      }),
    );
    expect(trace.messages.toSorted()).toEqual(["quick", "quick", "slow", "slow"]);
  });

  test("may have a deadline over its sends, which the consumer sees as its error", async () => {
    const { run, log, trace } = virtualBridge();
    const limited = asLoop({
      each: (send: Send<number>) => failAfter(25, () => countTo(9).each(send)),
    });
    const error = await rejectionOf(
      run(
        inLoop(async () => {
          for await (const n of limited) log(String(n));
        }),
      ),
    );
    expect(error).toBeInstanceOf(TooSlowError);
    expect(trace.entries).toEqual([
      [10, "1"],
      [20, "2"],
    ]);
  });

  test("is cancelled and waited for where the loop is left (defect 5)", async () => {
    const { run, log, trace } = virtualBridge();
    const source = asLoop({
      *each(send: Send<number>) {
        try {
          yield* countTo(9).each(send);
        } catch (error) {
          log(`cancelled: ${isCancelled(error)}`);
          throw error;
        } finally {
          yield* new CancelScope({ shield: true }).run(() => structuredSleep(5));
          log("cleaned up");
        }
      },
    });
    await run(
      inLoop(async () => {
        for await (const n of source) {
          log(String(n));
          if (n === 2) break;
        }
        log("over");
      }),
    );
    expect(trace.entries).toEqual([
      [10, "1"],
      [20, "2"],
      [20, "cancelled: true"],
      [25, "cleaned up"],
      [25, "over"],
    ]);
  });

  test("fails for the consumer who awaits it, with what came before", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("no more");
    const source = asLoop({
      *each(send: Send<number>): Operation<void> {
        yield* send(1);
        throw error;
      },
    });
    await expect(
      rejectionOf(
        run(
          inLoop(async () => {
            for await (const n of source) log(String(n));
          }),
        ),
      ),
    ).resolves.toBe(error);
    expect(trace.messages).toEqual(["1"]);
  });

  test("fails at the next step where it fails while nobody awaits it, once", async () => {
    const { run } = virtualBridge();
    const error = new Error("of a child");
    const source = asLoop({
      each: (send: Send<number>) =>
        openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            yield* structuredSleep(10);
            throw error;
          });
          yield* send(1);
          yield* send(2);
        }),
    });
    await run(
      inLoop(async () => {
        const iterator = source[Symbol.asyncIterator]();
        expect(await iterator.next()).toEqual({ done: false, value: 1 });
        await sleep(20);
        const failed = await rejectionOf(iterator.next());
        expect((failed as ExceptionGroup).errors).toEqual([error]);
        expect(await iterator.next()).toEqual({ done: true, value: undefined });
      }),
    );
  });

  test("fails through the block where nobody asks again", async () => {
    const { run } = virtualBridge();
    const error = new Error("unseen");
    const source = asLoop({
      each: (send: Send<number>) =>
        openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            yield* structuredSleep(10);
            throw error;
          });
          yield* send(1);
        }),
    });
    const errors = await groupedErrorsOf(
      run(
        inLoop(async () => {
          await source[Symbol.asyncIterator]().next();
          await sleep(20);
        }),
      ),
    );
    expect((errors[0] as ExceptionGroup).errors).toEqual([error]);
  });

  test("throws a cleanup's error out of the loop that was left", async () => {
    const { run } = virtualBridge();
    const error = new Error("of the cleanup");
    const source = asLoop({
      *each(send: Send<number>): Operation<void> {
        try {
          yield* send(1);
        } finally {
          // oxlint-disable-next-line no-unsafe-finally -- that is what is tested
          throw error;
        }
      },
    });
    await expect(
      rejectionOf(
        run(
          inLoop(async () => {
            for await (const _ of source) break;
          }),
        ),
      ),
    ).resolves.toBe(error);
  });

  test("is thrown into, at its send, by throw", async () => {
    const { run, log, trace } = virtualBridge();
    const source = asLoop({
      *each(send: Send<string>) {
        for (;;) {
          try {
            yield* send("item");
          } catch (error) {
            if (isCancelled(error)) throw error;
            log(`caught ${String(error)}`);
            yield* send("after the error");
          }
        }
      },
    });
    await run(
      inLoop(async () => {
        const iterator = source[Symbol.asyncIterator]();
        log((await iterator.next()).value as string);
        log((await iterator.throw?.("oops"))?.value as string);
        log((await iterator.next()).value as string);
        expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
        expect(await iterator.next()).toEqual({ done: true, value: undefined });
      }),
    );
    expect(trace.messages).toEqual(["item", "caught oops", "after the error", "item"]);
  });

  test("does not begin for a return or a throw that comes first", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("thrown in");
    const source = asLoop({
      // oxlint-disable-next-line require-yield -- it is not to be called
      *each(_send: Send<number>) {
        log("begun");
      },
    });
    await run(
      inLoop(async () => {
        const returned = source[Symbol.asyncIterator]();
        await returned.return?.();
        expect((await returned.next()).done).toBe(true);
        const thrown = source[Symbol.asyncIterator]();
        await expect(rejectionOf(thrown.throw?.(error) as Promise<unknown>)).resolves.toBe(error);
        expect((await thrown.next()).done).toBe(true);
      }),
    );
    expect(trace.messages).toEqual([]);
  });

  test("is cancelled by a step that is cancelled, which stays pending until it has ended", async () => {
    const { run, log, trace } = virtualBridge();
    const source = asLoop({
      *each(send: Send<number>) {
        try {
          yield* structuredSleep(100);
          yield* send(1);
        } finally {
          yield* new CancelScope({ shield: true }).run(() => structuredSleep(5));
          log("cleaned up");
        }
      },
    });
    await run(
      inLoop(async () => {
        const iterator = source[Symbol.asyncIterator]();
        await expect(waitFor(iterator.next(), 10)).rejects.toBeInstanceOf(TimeoutError);
        log("timed out");
        expect((await iterator.next()).done).toBe(true);
      }),
    );
    expect(trace.entries).toEqual([
      [15, "cleaned up"],
      [15, "timed out"],
    ]);
  });

  test("is left where the consumer's task is cancelled in the body", async () => {
    const { run, log, trace } = virtualBridge();
    const source = asLoop({
      *each(send: Send<number>) {
        try {
          yield* countTo(9).each(send);
        } finally {
          log("source ends");
        }
      },
    });
    await run(
      inLoop(async () => {
        await expect(
          timeout(15, async () => {
            for await (const _ of source) await sleep(100);
          }),
        ).rejects.toBeInstanceOf(TimeoutError);
        log("timed out");
      }),
    );
    expect(trace.entries).toEqual([
      [15, "source ends"],
      [15, "timed out"],
    ]);
  });

  test("serves steps that are asked for at once in their order", async () => {
    const { run } = virtualBridge();
    await run(
      inLoop(async () => {
        const iterator = asLoop(countTo(2))[Symbol.asyncIterator]();
        const results = await gather([iterator.next(), iterator.next(), iterator.next()]);
        expect(results).toEqual([
          { done: false, value: 1 },
          { done: false, value: 2 },
          { done: true, value: undefined },
        ]);
      }),
    );
  });

  test("can be gone through again, and in several places at once", async () => {
    const { run, log, trace } = virtualBridge();
    const source = asLoop(countTo(2));
    const consume = (name: string) => async () => {
      for await (const n of source) log(`${name}${n}`);
    };
    await run(inLoop(async () => gather([consume("a"), consume("b")])));
    expect(trace.entries).toEqual([
      [10, "a1"],
      [10, "b1"],
      [20, "a2"],
      [20, "b2"],
    ]);
  });

  test("is cancelled at the end of the block where nobody has left it", async () => {
    const { run, log, trace } = virtualBridge();
    const source = asLoop({
      *each(send: Send<number>) {
        try {
          yield* send(1);
        } finally {
          log("source ends");
        }
      },
    });
    await run(
      inLoop(async () => {
        await source[Symbol.asyncIterator]().next();
      }),
    );
    expect(trace.messages).toEqual(["source ends"]);
  });
});

describe("a channel", () => {
  test("is gone through to its end", async () => {
    const { run, log, trace } = virtualBridge();
    await run(() =>
      openNursery(function* (nursery) {
        const [send, receive] = openMemoryChannel<number>(0);
        nursery.startSoon(function* () {
          for (let n = 1; n <= 3; n++) {
            yield* structuredSleep(10);
            yield* send.send(n);
          }
          send.close();
        });
        yield* asStructured(async () => {
          for await (const n of asLoop(receive)) log(String(n));
          log("over");
        })();
      }),
    );
    expect(trace.entries).toEqual([
      [10, "1"],
      [20, "2"],
      [30, "3"],
      [30, "over"],
    ]);
  });

  test("is closed where the loop is left, so that its senders hear", async () => {
    const { run, log, trace } = virtualBridge();
    await run(() =>
      openNursery(function* (nursery) {
        const [send, receive] = openMemoryChannel<number>(0);
        nursery.startSoon(function* () {
          try {
            for (let n = 1; ; n++) yield* send.send(n);
          } catch (error) {
            log(`broken: ${error instanceof BrokenResourceError}`);
          }
        });
        yield* asStructured(async () => {
          for await (const n of asLoop(receive)) if (n === 2) break;
        })();
      }),
    );
    expect(trace.messages).toEqual(["broken: true"]);
  });

  test("loses nothing by a step that is cancelled, and goes on", async () => {
    const { run } = virtualBridge();
    await run(function* () {
      const [send, receive] = openMemoryChannel<number>(0);
      yield* asStructured(async () => {
        const iterator = asLoop(receive)[Symbol.asyncIterator]();
        for (let i = 0; i < 2; i++)
          await expect(waitFor(iterator.next(), 10)).rejects.toBeInstanceOf(TimeoutError);
        const sending = asLoop(send.send(7));
        expect(await iterator.next()).toEqual({ done: false, value: 7 });
        await sending;
      })();
    });
  });

  test("that is broken fails the step, and is over", async () => {
    const { run } = virtualBridge();
    await run(function* () {
      const [, receive] = openMemoryChannel<number>(0);
      receive.close();
      yield* asStructured(async () => {
        const iterator = asLoop(receive)[Symbol.asyncIterator]();
        await expect(iterator.next()).rejects.toThrow(/it has been closed here/);
        await sleep(0);
        expect((await iterator.next()).done).toBe(true);
      })();
    });
  });

  test("is thrown out of by throw", async () => {
    const { run } = virtualBridge();
    const error = new Error("thrown in");
    await run(function* () {
      const [send, receive] = openMemoryChannel<number>(1);
      yield* send.send(1);
      yield* asStructured(async () => {
        const iterator = asLoop(receive)[Symbol.asyncIterator]();
        await iterator.next();
        await expect(rejectionOf(iterator.throw?.(error) as Promise<unknown>)).resolves.toBe(error);
        expect((await iterator.next()).done).toBe(true);
      })();
    });
  });

  test("gives its consumer a CancelledError where the block ends, and not the end of items", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const [, receive] = openMemoryChannel<number>(0);
      void loop.createTask(async () => {
        try {
          for await (const _ of asLoop(receive));
          log("over");
        } catch (error) {
          log(`cancelled: ${error instanceof CancelledError}`);
        }
      });
      yield* structuredSleep(10);
    });
    expect(trace.entries).toEqual([[10, "cancelled: true"]]);
  });
});
