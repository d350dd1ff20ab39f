import { EventEmitter, on } from "node:events";
import { ArgumentError } from "@trestle/host";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  eachOf,
  moveOnAfter,
  openNursery,
  sleep,
  type Cancelled,
  type Items,
  type Operation,
} from "../../src/index.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

/** An async iterable by hand, which notes its calls, and whose `next` and `return` this test settles. */
class Source implements AsyncIterable<number>, AsyncIterator<number> {
  readonly calls: string[] = [];
  next: () => Promise<IteratorResult<number>> = () => new Promise(() => {});
  return: () => Promise<IteratorResult<number>> = () => {
    this.calls.push("return");
    return Promise.resolve({ done: true, value: undefined });
  };

  [Symbol.asyncIterator](): AsyncIterator<number> {
    return this;
  }
}

/** Resolves when Node has reported the unhandled rejections that there were. */
function reported(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", note);
});
afterEach(async () => {
  await reported();
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

describe("eachOf", () => {
  test("runs the body for each item of an async generator, one after another", async () => {
    const { run, host, trace, log } = virtualRun();
    async function* items(): AsyncGenerator<string> {
      yield "a";
      log("asked for b");
      yield "b";
      log("ended");
    }
    await run(() =>
      eachOf(items(), function* (item) {
        yield* sleep(10);
        log(item);
      }),
    );
    expect(trace.entries).toEqual([
      [10, "a"],
      [10, "asked for b"],
      [20, "b"],
      [20, "ended"],
    ]);
    expect(host.held).toEqual([]);
  });

  test("takes an ordinary iterable, whose items are given as they are", async () => {
    const { run } = virtualRun();
    const promise = Promise.resolve();
    const seen: unknown[] = [];
    const keep = function* (item: unknown): Operation<void> {
      seen.push(item);
    };
    await run(function* () {
      yield* eachOf([1, promise], keep);
      yield* eachOf("ab", keep);
      yield* eachOf(new Map([["k", "v"]]), keep);
      yield* eachOf(() => new Set([2]), keep);
    });
    expect(seen).toEqual([1, promise, "a", "b", ["k", "v"], 2]);
  });

  test("CKPT-2: passes a checkpoint for each item, and one at the end", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          for (let i = 1; i <= 3; i++) {
            log(`round ${i}`);
            yield* checkpoint();
          }
        });
        yield* eachOf([1, 2], function* (item) {
          log(`item ${item}`);
        });
        log("done");
      }),
    );
    expect(trace.messages).toEqual(["round 1", "item 1", "round 2", "item 2", "round 3", "done"]);
    const cancelled = await virtualRun().run(() =>
      moveOnAfter(0, () => eachOf([], () => checkpoint())),
    );
    expect(cancelled.cancelledCaught).toBe(true);
  });

  test("throws what next rejects with, and closes nothing, for the iterator is over", async () => {
    const { run } = virtualRun();
    const error = new Error("of next");
    const source = new Source();
    source.next = () => Promise.reject(error);
    expect(await rejectionOf(run(() => eachOf(source, () => checkpoint())))).toBe(error);
    source.next = () => {
      throw error;
    };
    expect(await rejectionOf(run(() => eachOf(source, () => checkpoint())))).toBe(error);
    expect(source.calls).toEqual([]);
  });

  test("asks for nothing more where the task is cancelled between two items, and closes", async () => {
    const { run, trace, log } = virtualRun();
    async function* items(): AsyncGenerator<number> {
      try {
        for (let i = 0; ; i++) {
          log(`item ${i}`);
          yield i;
        }
      } finally {
        await reported();
        log("closed");
      }
    }
    const scope = new CancelScope();
    await run(() =>
      scope.run(() =>
        eachOf(items(), function* (item) {
          if (item === 1) scope.cancel();
        }),
      ),
    );
    expect(scope.cancelledCaught).toBe(true);
    expect(trace.messages).toEqual(["item 0", "item 1", "closed"]);
  });
});

describe("a body that ends the loop", () => {
  test("by an error: the iterator is closed first", async () => {
    const { run, trace, log } = virtualRun();
    async function* items(): AsyncGenerator<number> {
      try {
        yield 1;
      } finally {
        await reported();
        log("closed");
      }
    }
    const error = new Error("of the body");
    const main = (): Operation<void> =>
      eachOf(items(), function* () {
        yield* checkpoint();
        throw error;
      });
    const caught = await rejectionOf(run(main));
    expect(caught).toBe(error);
    expect(caught).not.toHaveProperty("suppressed");
    expect(trace.messages).toEqual(["closed"]);
  });

  test("by a cancellation: the closing is waited for, and shielded", async () => {
    const { run, trace, log } = virtualRun();
    async function* items(): AsyncGenerator<number> {
      try {
        yield 1;
      } finally {
        await reported();
        log("closed");
      }
    }
    const result = await run(() =>
      moveOnAfter(10, function* () {
        try {
          yield* eachOf(items(), () => sleep(100));
        } finally {
          log("left");
        }
      }),
    );
    expect(result.cancelledCaught).toBe(true);
    expect(trace.entries).toEqual([
      [10, "closed"],
      [10, "left"],
    ]);
  });

  test.each([
    ["rejects", (error: unknown) => Promise.reject(error)],
    [
      "throws",
      (error: unknown) => {
        throw error;
      },
    ],
  ])("its error carries that of a return that %s", async (_how, fail) => {
    const { run } = virtualRun();
    const [ofBody, ofReturn] = [new Error("of the body"), new Error("of return")];
    const source = new Source();
    source.next = () => Promise.resolve({ done: false, value: 1 });
    source.return = () => fail(ofReturn);
    const failing = (): Operation<void> =>
      eachOf(source, () => {
        throw ofBody;
      });
    expect(await rejectionOf(run(failing))).toBe(ofBody);
    expect((ofBody as { suppressed?: unknown }).suppressed).toEqual([ofReturn]);
    const cancelled = (): Operation<unknown> =>
      moveOnAfter(10, () => eachOf(source, () => sleep(20)));
    expect(await rejectionOf(run(cancelled))).toBe(ofReturn);
  });

  test("of an ordinary iterable: it is closed too", async () => {
    const { run, trace, log } = virtualRun();
    function* items(): Generator<number> {
      try {
        yield 1;
      } finally {
        log("closed");
      }
    }
    await run(() => moveOnAfter(10, () => eachOf(items(), () => sleep(100))));
    expect(trace.entries).toEqual([[10, "closed"]]);
  });

  test("of an iterator that cannot be closed: nothing is", async () => {
    const { run } = virtualRun();
    const items: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: false, value: 1 }) }),
    };
    const result = await run(() => moveOnAfter(10, () => eachOf(items, () => sleep(100))));
    expect(result.cancelledCaught).toBe(true);
  });
});

/** Goes through items in a nursery that is cancelled as soon as everything waits. */
async function cancelWhileNextIsAwaited(
  items: Items<unknown>,
  afterCancel: () => void = () => {},
): Promise<readonly string[]> {
  const { run, host, trace, log } = virtualRun();
  await run(() =>
    openNursery(function* (nursery) {
      nursery.startSoon(function* () {
        nursery.cancelScope.cancel("enough");
        afterCancel();
      });
      try {
        yield* eachOf(items, function* (item) {
          log(`item ${String(item)}`);
          yield* checkpoint();
        });
      } finally {
        log("left");
      }
    }),
  );
  expect(host.held).toEqual([]);
  return trace.messages;
}

describe("a cancellation while the next item is awaited", () => {
  test("lets an iterable go that was handed over, at once, and asks it to close", async () => {
    const source = new Source();
    expect(await cancelWhileNextIsAwaited(source)).toEqual(["left"]);
    expect(source.calls).toEqual(["return"]);
  });

  test("does not wait for a generator that hangs, which closes when it goes on", async () => {
    const closed: string[] = [];
    let goOn: () => void = () => {};
    async function* items(): AsyncGenerator<number> {
      try {
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        yield 1;
      } finally {
        closed.push("closed");
      }
    }
    expect(await cancelWhileNextIsAwaited(items())).toEqual(["left"]);
    expect(closed).toEqual([]);
    goOn();
    await reported();
    expect(closed).toEqual(["closed"]);
  });

  test("makes no unhandled rejection of what such an iterator does later", async () => {
    const source = new Source();
    let reject: (error: unknown) => void = () => {};
    source.next = () =>
      new Promise((_resolve, rejectNext) => {
        reject = rejectNext;
      });
    source.return = () => Promise.reject(new Error("of return"));
    expect(await cancelWhileNextIsAwaited(source)).toEqual(["left"]);
    reject(new Error("of next"));
    source.return = () => {
      throw new Error("of return, at once");
    };
    expect(await cancelWhileNextIsAwaited(source)).toEqual(["left"]);
  });

  test("aborts the signal of what a function has started, and waits for it", async () => {
    const log: string[] = [];
    async function* items(signal: AbortSignal): AsyncGenerator<number> {
      try {
        await new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => void setImmediate(() => reject(signal.reason)));
        });
      } finally {
        log.push(`aborted: ${String((signal.reason as Cancelled).cause.reason)}`);
        await reported();
        log.push("closed");
      }
    }
    expect(await cancelWhileNextIsAwaited((signal) => items(signal))).toEqual(["left"]);
    expect(log).toEqual(["aborted: enough", "closed"]);
  });

  test("runs the body for an item that comes all the same, and closes then", async () => {
    const source = new Source();
    let resolve: (result: IteratorResult<number>) => void = () => {};
    source.next = () =>
      new Promise((resolveNext) => {
        resolve = resolveNext;
      });
    const messages = await cancelWhileNextIsAwaited(
      () => source,
      () => void setImmediate(() => resolve({ done: false, value: 5 })),
    );
    expect(messages).toEqual(["item 5", "left"]);
    expect(source.calls).toEqual(["return"]);
  });

  test("ends the events of a function that gave its signal to them", async () => {
    const emitter = new EventEmitter();
    const messages = await cancelWhileNextIsAwaited((signal) => on(emitter, "x", { signal }));
    expect(messages).toEqual(["left"]);
    expect(emitter.eventNames()).toEqual([]);
  });
});

describe("the signal of a function", () => {
  test("is aborted where the body fails, with its error", async () => {
    const { run } = virtualRun();
    const error = new Error("of the body");
    let signal: AbortSignal | undefined;
    const main = (): Operation<void> =>
      eachOf(
        (given) => {
          signal = given;
          return [1];
        },
        () => {
          throw error;
        },
      );
    expect(await rejectionOf(run(main))).toBe(error);
    expect(signal?.reason).toBe(error);
  });

  test("is left alone where the loop comes to its end", async () => {
    const { run } = virtualRun();
    let signal: AbortSignal | undefined;
    await run(() =>
      eachOf(
        async function* (given) {
          signal = given;
          yield 1;
        },
        () => checkpoint(),
      ),
    );
    expect(signal?.aborted).toBe(false);
  });
});

describe("what eachOf refuses", () => {
  test.each([
    [undefined, "undefined"],
    [{}, "an Object"],
    [5, "5 (number)"],
    [{ next: () => {} }, "an Object"],
    [() => 5, "anonymous (function), which returned 5 (number)"],
    [async () => [1], "anonymous (async function), which returned a Promise"],
  ])("what is not iterable: %s", async (items, text) => {
    const { run } = virtualRun();
    const main = (): Operation<void> =>
      eachOf(items as unknown as Items<never>, () => checkpoint());
    await expect(run(main)).rejects.toThrow(ArgumentError);
    await expect(run(main)).rejects.toThrow(
      `Cannot go through the items of an iterable with ${text}: an async iterable or an iterable is wanted.`,
    );
  });

  test("an iterator whose next gives no result", async () => {
    const { run } = virtualRun();
    const source = new Source();
    source.next = () => Promise.resolve(5 as never);
    await expect(run(() => eachOf(source, () => checkpoint()))).rejects.toThrow(
      /its 'next' gave 5 \(number\)/,
    );
  });

  test("a body that is no structured function, and closes the iterator", async () => {
    const { run } = virtualRun();
    const source = new Source();
    source.next = () => Promise.resolve({ done: false, value: 1 });
    const main = (): Operation<void> => eachOf(source, (async () => {}) as never);
    await expect(run(main)).rejects.toThrow(/structured function|async function/);
    expect(source.calls).toEqual(["return"]);
  });
});
