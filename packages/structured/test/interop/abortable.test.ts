import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  abortable,
  CancelScope,
  checkpoint,
  isCancelled,
  moveOnAfter,
  openNursery,
  run as runOn,
  scopeSignal,
  sleep,
  using,
  waitEvent,
  type Operation,
} from "../../src/index.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

/** Promise work that this test ends as it likes. */
class Work {
  signal: AbortSignal | undefined;
  settle: { resolve: (value: string) => void; reject: (error: unknown) => void } = {
    resolve: () => {},
    reject: () => {},
  };

  readonly start = (signal: AbortSignal): Promise<string> => {
    this.signal = signal;
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  };
}

/** Waits for work in a scope that another task cancels; `aborted` decides what the work does about it. */
async function cancelledWork(
  aborted: (work: Work, reason: unknown) => void,
): Promise<{ scope: CancelScope; work: Work; outcome: unknown }> {
  const { run, host } = virtualRun();
  const scope = new CancelScope();
  const work = new Work();
  const main = (): Operation<unknown> =>
    openNursery(function* (nursery) {
      nursery.startSoon(function* () {
        work.signal?.addEventListener("abort", () => aborted(work, work.signal?.reason));
        scope.cancel();
      });
      const { value } = yield* scope.run(() => abortable(work.start));
      return value;
    });
  let outcome: unknown;
  try {
    outcome = await run(main);
  } catch (error) {
    outcome = (error as AggregateError).errors[0];
  }
  expect(host.held).toEqual([]);
  return { scope, work, outcome };
}

describe("abortable", () => {
  test("gives the value of the work, or throws its error", async () => {
    const { run } = virtualRun();
    const error = new Error("of the work");
    await expect(run(() => abortable(async () => 42))).resolves.toBe(42);
    await expect(rejectionOf(run(() => abortable(() => Promise.reject(error))))).resolves.toBe(
      error,
    );
  });

  test("starts the work when it is run, and again each time", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      const working = abortable(async () => log("started"));
      log("made");
      yield* working;
      yield* working;
    });
    expect(trace.messages).toEqual(["made", "started", "started"]);
  });

  test("refuses what is no function, at the call", () => {
    expect(() => abortable(Promise.resolve() as never)).toThrow(
      "Cannot start promise work with a Promise: a function is wanted",
    );
  });

  test("throws what start throws", async () => {
    const { run } = virtualRun();
    const error = new Error("of start");
    const main = (): Operation<unknown> =>
      abortable(() => {
        throw error;
      });
    await expect(rejectionOf(run(main))).resolves.toBe(error);
  });

  test("says what it wants where start returns no promise, and does not stop the clock", async () => {
    const { run, host } = virtualRun();
    const main = (): Operation<unknown> => abortable((() => 5) as unknown as () => Promise<number>);
    await expect(run(main)).rejects.toThrow(
      "Cannot wait for 5 (number): 'abortable' wants a function that returns a promise.",
    );
    await expect(run(main)).rejects.toBeInstanceOf(WrongFlavorError);
    expect(host.held).toEqual([]);
  });

  test("stops the clock while the work goes on", async () => {
    const { run, host, trace, log } = virtualRun();
    const work = new Work();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          setImmediate(() => work.settle.resolve("worked"));
          yield* sleep(10);
          log("slept");
        });
        log(yield* abortable(work.start));
      }),
    );
    expect(host.held).toEqual([]);
    expect(trace.entries).toEqual([
      [0, "worked"],
      [10, "slept"],
    ]);
  });
});

describe("a cancelled abortable", () => {
  test("aborts the signal with the Cancelled, and is cancelled where the work fails with it", async () => {
    const { scope, work } = await cancelledWork((aborted, reason) => aborted.settle.reject(reason));
    expect(scope.cancelledCaught).toBe(true);
    expect(isCancelled(work.signal?.reason)).toBe(true);
  });

  test.each([
    ["an AbortError", () => new DOMException("aborted", "AbortError")],
    [
      "an error whose cause is the reason",
      (reason: unknown) => new Error("wrapped", { cause: reason }),
    ],
  ])("is cancelled where the work fails with %s", async (_name, errorFor) => {
    const { scope } = await cancelledWork((work, reason) => work.settle.reject(errorFor(reason)));
    expect(scope.cancelledCaught).toBe(true);
  });

  test("has the value where the work ends well nevertheless", async () => {
    const { scope, outcome } = await cancelledWork((work) => work.settle.resolve("done"));
    expect(outcome).toBe("done");
    expect(scope.cancelledCaught).toBe(false);
  });

  test("has another error where the work fails by itself", async () => {
    const error = new Error("of the work");
    const { scope, outcome } = await cancelledWork((work) => work.settle.reject(error));
    expect(outcome).toBe(error);
    expect(scope.cancelledCaught).toBe(false);
  });

  test("waits for the work to settle, as long as that takes", async () => {
    const { run, trace, log } = virtualRun();
    const work = new Work();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          work.signal?.addEventListener("abort", () => {
            log("aborted");
            setImmediate(() => {
              log("the work settles");
              work.settle.reject(work.signal?.reason);
            });
          });
          nursery.cancelScope.cancel();
        });
        try {
          yield* abortable(work.start);
        } finally {
          log("the wait ends");
        }
      }),
    );
    expect(trace.messages).toEqual(["aborted", "the work settles", "the wait ends"]);
  });

  test("starts the work and aborts it, where the scope was cancelled before", async () => {
    const { run } = virtualRun();
    const work = new Work();
    const result = await run(() =>
      moveOnAfter(0, () =>
        abortable((signal) => {
          const working = work.start(signal);
          signal.addEventListener("abort", () => work.settle.reject(signal.reason));
          return working;
        }),
      ),
    );
    expect(result.cancelledCaught).toBe(true);
  });

  test("aborts once, and not for a cancel that comes when the work has settled", async () => {
    const { run } = virtualRun();
    const work = new Work();
    const result = await run(() =>
      moveOnAfter(10, function* (scope) {
        const working = abortable((signal) => {
          const promise = work.start(signal);
          work.settle.resolve("settled");
          return promise;
        });
        const value = yield* working;
        scope.cancel();
        return value;
      }),
    );
    expect(result.value).toBe("settled");
    expect(work.signal?.aborted).toBe(false);
  });

  test("may cancel its own scope while it starts", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope();
    await run(() =>
      scope.run(function* () {
        yield* abortable((signal) => {
          scope.cancel();
          return new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason as Error));
          });
        });
        yield* checkpoint();
      }),
    );
    expect(scope.cancelledCaught).toBe(true);
  });
});

/** A promise that calls back twice each way, and throws besides. */
const ranting = {
  then(resolve: (value: string) => void, reject: (error: unknown) => void): void {
    resolve("first");
    resolve("second");
    reject(new Error("third"));
    throw new Error("fourth");
  },
} as unknown as PromiseLike<string>;

describe("abortable with what is not of this package", () => {
  test("takes the first that a promise of a foreign make says, and lets go of the clock", async () => {
    const { run, host } = virtualRun();
    expect(await run(() => abortable(() => ranting))).toBe("first");
    const error = new Error("of then");
    const broken = {
      then: () => {
        throw error;
      },
    } as unknown as PromiseLike<string>;
    expect(await rejectionOf(run(() => abortable(() => broken)))).toBe(error);
    expect(host.held).toEqual([]);
  });

  test.each([
    [
      "timers of node:timers/promises",
      (signal: AbortSignal) => setTimeout(1e6, "late", { signal }),
    ],
    ["events.once", (signal: AbortSignal) => once(new EventEmitter(), "never", { signal })],
    [
      "a scope's signal beside its own",
      (signal: AbortSignal) =>
        setTimeout(1e6, "late", { signal: AbortSignal.any([signal, scopeSignal()]) }),
    ],
  ])("cancels %s, and is cancelled then", async (_what, start) => {
    const { run, host } = virtualRun();
    let seen: AbortSignal | undefined;
    const result = await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          nursery.cancelScope.cancel("enough");
        });
        yield* abortable<unknown>((signal) => {
          seen = signal;
          return start(signal);
        });
      }),
    );
    expect(result).toBeUndefined();
    expect(seen).toMatchObject({ aborted: true, reason: { cause: { reason: "enough" } } });
    expect(host.held).toEqual([]);
  });

  test("cancels a fetch that the server does not answer", async () => {
    const server = createServer();
    let signal: AbortSignal | undefined;
    const result = await runOn(() =>
      using({ [Symbol.dispose]: () => server.close() }, function* () {
        server.listen(0, "127.0.0.1");
        yield* waitEvent(server, "listening");
        const { port } = server.address() as AddressInfo;
        return yield* new CancelScope().run(function* (scope) {
          server.once("request", () => scope.cancel("no answer"));
          return yield* abortable((given) => {
            signal = given;
            return fetch(`http://127.0.0.1:${port}`, { signal });
          });
        });
      }),
    );
    expect(result.cancelledCaught).toBe(true);
    expect(signal).toMatchObject({ reason: { cause: { reason: "no answer" } } });
  });
});
