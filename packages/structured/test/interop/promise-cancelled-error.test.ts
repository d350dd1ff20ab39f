import { describe, expect, test } from "vitest";
import {
  abortable,
  CancelScope,
  checkpoint,
  eachOf,
  fromPromise,
  openNursery,
  PromiseCancelledError,
  scopeSignal,
  sleep,
  type Cancelled,
  type Operation,
} from "../../src/index.js";
import { groupedErrorsOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

/** The Cancelled of a scope that this function has opened, cancelled and left. */
function* leakedCancelled(): Operation<Cancelled> {
  let reason: unknown;
  yield* new CancelScope().run(function* (scope) {
    const signal = scopeSignal();
    scope.cancel("of another scope");
    ({ reason } = signal);
    yield* checkpoint();
  });
  return reason as Cancelled;
}

const doors: readonly (readonly [string, (reason: unknown) => Operation<unknown>])[] = [
  ["fromPromise", (reason) => fromPromise(Promise.reject(reason))],
  ["abortable", (reason) => abortable(() => Promise.reject(reason))],
  [
    "eachOf",
    (reason) =>
      eachOf({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(reason) }) }, () =>
        checkpoint(),
      ),
  ],
  [
    "eachOf of a function",
    (reason) =>
      eachOf(
        () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(reason) }) }),
        () => checkpoint(),
      ),
  ],
];

describe("a promise that rejects with somebody else's Cancelled", () => {
  test.each(doors)("is an error of %s, which does not unwind quietly", async (_name, waitFor) => {
    const { run, log, trace } = virtualRun();
    const errors = await groupedErrorsOf(
      run(() =>
        openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            yield* waitFor(yield* leakedCancelled());
          });
          yield* sleep(10);
          log("went on");
        }),
      ),
    );
    expect(errors).toHaveLength(1);
    const error = errors[0] as PromiseCancelledError;
    expect(error).toBeInstanceOf(PromiseCancelledError);
    expect(error.code).toBe("TRESTLE_PROMISE_CANCELLED");
    expect((error.cause as Cancelled).cause.reason).toBe("of another scope");
    expect(trace.messages).toEqual([]);
  });
});
