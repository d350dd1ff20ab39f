import { WrongFlavorError } from "@trestle/host";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  checkpoint,
  fromPromise,
  moveOnAfter,
  NoRunError,
  openNursery,
  run as runOnPlatform,
  sleep,
  type Operation,
} from "../../src/index.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

describe("fromPromise", () => {
  test("gives the value that the promise resolves with", async () => {
    const { run } = virtualRun();
    await expect(run(() => fromPromise(Promise.resolve(42)))).resolves.toBe(42);
  });

  test("throws the very error that the promise rejects with", async () => {
    const { run } = virtualRun();
    const error = new Error("rejected");
    await expect(rejectionOf(run(() => fromPromise(Promise.reject(error))))).resolves.toBe(error);
  });

  test("takes anything that has a then", async () => {
    const { run } = virtualRun();
    const thenable = {
      then: (resolve: (value: string) => void) => resolve("at once"),
    } as PromiseLike<string>;
    await expect(run(() => fromPromise(thenable))).resolves.toBe("at once");
  });

  test("takes the first that a promise of a foreign make says", async () => {
    const { run } = virtualRun();
    const ranting = {
      then: (resolve: (value: string) => void, reject: (error: unknown) => void) => {
        resolve("first");
        resolve("second");
        reject(new Error("third"));
        throw new Error("fourth");
      },
    } as unknown as PromiseLike<string>;
    await expect(run(() => fromPromise(ranting))).resolves.toBe("first");
  });

  test("may be run again, and by several tasks", async () => {
    const { run } = virtualRun();
    const values = await run(() =>
      openNursery(function* (nursery) {
        const waiting = fromPromise(Promise.resolve("value"));
        const tasks = [nursery.startSoon(() => waiting), nursery.startSoon(() => waiting)];
        const seen: string[] = [];
        for (const task of tasks) seen.push(yield* task.join());
        return [...seen, yield* waiting];
      }),
    );
    expect(values).toEqual(["value", "value", "value"]);
  });

  test("stops the clock while it waits, and lets the others go on", async () => {
    const { run, host, trace, log } = virtualRun();
    let settle: (value: string) => void = () => {};
    const promise = new Promise<string>((resolve) => {
      settle = resolve;
    });
    let held: readonly string[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          setImmediate(() => {
            held = host.held;
            settle("settled");
          });
          yield* sleep(10);
          log("slept");
        });
        log(yield* fromPromise(promise));
      }),
    );
    expect(held).toEqual(["a promise"]);
    expect(host.held).toEqual([]);
    expect(trace.entries).toEqual([
      [0, "settled"],
      [10, "slept"],
    ]);
  });

  test.each([
    [undefined, "undefined"],
    [42, "42 (number)"],
    [() => Promise.resolve(), "anonymous (function)"],
    [{}, "an Object"],
  ])("refuses at the call what is no promise: %s", (value, text) => {
    expect(() => fromPromise(value as unknown as Promise<unknown>)).toThrow(WrongFlavorError);
    expect(() => fromPromise(value as unknown as Promise<unknown>)).toThrow(
      `Cannot wait for ${text}: it is not a promise.\nAn operation needs no wrapper: write 'yield*' before it.`,
    );
  });

  test("tells that an operation is none", async () => {
    const { run } = virtualRun();
    const main = (): Operation<unknown> => fromPromise(sleep(10) as unknown as Promise<unknown>);
    await expect(run(main)).rejects.toThrow(/In a generator function write 'yield\*' before it/);
  });

  test("needs a task to wait in", () => {
    const operation = fromPromise(Promise.resolve());
    expect(() => operation[Symbol.iterator]().next()).toThrow(NoRunError);
  });
});

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", note);
});
afterEach(() => {
  process.off("unhandledRejection", note);
});

/** Resolves when Node has reported the unhandled rejections that there were. */
function reported(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

describe("a promise that settles before it is waited for", () => {
  test("is no unhandled rejection, and its error comes when it is waited for", async () => {
    const { run } = virtualRun();
    const error = new Error("early");
    const waiting = fromPromise(Promise.reject(error));
    await reported();
    expect(unhandled).toEqual([]);
    await expect(rejectionOf(run(() => waiting))).resolves.toBe(error);
  });

  test("gives its value after a round, and needs no turn of the promise", async () => {
    const { run, trace, log } = virtualRun();
    const waiting = fromPromise(Promise.resolve("value"));
    await reported();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          log("the other task");
          yield* checkpoint();
          log("the other task again");
        });
        log(yield* waiting);
      }),
    );
    expect(trace.messages).toEqual(["the other task", "value", "the other task again"]);
  });

  test("is not looked at by a task that is cancelled", async () => {
    const { run } = virtualRun();
    const waiting = fromPromise(Promise.resolve("value"));
    await reported();
    const result = await run(() => moveOnAfter(0, () => waiting));
    expect(result.cancelledCaught).toBe(true);
  });
});

describe("a cancelled fromPromise", () => {
  /** A promise that this test settles, and one wait for it that a cancellation ends. */
  const abandoned = async (): Promise<{
    resolve: (value: string) => void;
    reject: (error: Error) => void;
  }> => {
    const { run, host } = virtualRun();
    let settlers = { resolve: (_value: string) => {}, reject: (_error: Error) => {} };
    const promise = new Promise<string>((resolve, reject) => {
      settlers = { resolve, reject };
    });
    const result = await run(() =>
      openNursery((nursery) => {
        const cancel = function* (): Operation<void> {
          nursery.cancelScope.cancel();
        };
        nursery.startSoon(cancel);
        return fromPromise(promise);
      }),
    );
    expect(result).toBeUndefined();
    expect(host.held).toEqual([]);
    return settlers;
  };

  test("ends at once, and lets go of the promise and of the clock", async () => {
    await abandoned();
  });

  test("does not look at what the promise resolves with later", async () => {
    const { resolve } = await abandoned();
    resolve("too late");
    await reported();
    expect(unhandled).toEqual([]);
  });

  test("makes no unhandled rejection of a promise that rejects later", async () => {
    const { reject } = await abandoned();
    reject(new Error("too late"));
    await reported();
    expect(unhandled).toEqual([]);
  });

  test("loses to a promise that settled before it", async () => {
    const { run } = virtualRun();
    const promise = Promise.resolve("in time");
    const result = await run(() =>
      moveOnAfter(10, function* (scope) {
        const value = yield* fromPromise(promise);
        scope.cancel();
        return value;
      }),
    );
    expect(result.value).toBe("in time");
  });
});

describe("on the platform's own loop", () => {
  test("the task goes on where the promise settled, as an await does; other tasks have their turns all the same", async () => {
    const seen: string[] = [];
    const settled = Promise.resolve();
    await runOnPlatform(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* sleep(1);
          seen.push("the timer");
        });
        yield* checkpoint();
        while (!seen.includes("the timer")) yield* fromPromise(settled);
        seen.push("the promises");
      }),
    );
    expect(seen).toEqual(["the timer", "the promises"]);
  });

  test("a foreign promise that settles in the middle of other code does not run the task there", async () => {
    const seen: string[] = [];
    let settle = (): void => {};
    let running: Promise<void> | undefined;
    await new Promise<void>((isWaiting) => {
      const then = (resolved: () => void): void => {
        settle = resolved;
        isWaiting();
      };
      running = runOnPlatform(function* () {
        yield* fromPromise({ then } as unknown as PromiseLike<void>);
        seen.push("the task");
      });
    });
    settle();
    seen.push("the other code");
    await running;
    expect(seen).toEqual(["the other code", "the task"]);
  });
});
