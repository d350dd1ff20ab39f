import { ArgumentError, describe, failure, success } from "@trestle/host";
import { requireTask } from "../ambient.js";
import { isCancelled } from "../cancelled.js";
import { requirePromise } from "./from-promise.js";
import type { Operation } from "../operation.js";
import { rejectionFor } from "./promise-cancelled-error.js";
import { suspend } from "../suspend.js";

/**
 * Starts promise work that an AbortSignal can stop, and waits for it.
 *
 * A cancellation aborts the signal, with the Cancelled as its reason, and goes on waiting until the promise has settled: work
 * that you started does not outlive you. If it then fails with the reason or with an AbortError, the task is cancelled; a value
 * or another error wins. Source: ours. Flavor: structured.
 *
 * @param start gets the signal and returns a promise
 * @throws ArgumentError for what is no function; what `start` throws or its promise rejects with; PromiseCancelledError where that is a Cancelled and this task is not
 * cancelled; WrongFlavorError where it returns no promise
 * @example
 * ```ts
 * import { abortable, moveOnAfter, run } from "@trestle/structured";
 * import { setTimeout } from "node:timers/promises";
 *
 * await run(() => moveOnAfter(10, () => abortable((signal) => setTimeout(1000, "late", { signal }))));
 * ```
 */
export function abortable<T>(start: (signal: AbortSignal) => PromiseLike<T>): Operation<T> {
  if (typeof start !== "function") {
    throw new ArgumentError(
      `Cannot start promise work with ${describe(start)}: a function is wanted, which gets a signal and returns a promise.`,
    );
  }
  return settled(() => {
    const controller = new AbortController();
    const promise = start(controller.signal);
    requirePromise(promise, "'abortable' wants a function that returns a promise");
    return { promise, abort: (cancelled) => controller.abort(cancelled) };
  }, "promise work that can be aborted");
}

/** Promise work under way, and how to ask it to stop. */
export interface StartedWork<T> {
  readonly promise: PromiseLike<T>;
  abort(cancelled: unknown): void;
}

/** Starts promise work, and waits until it has settled; a cancellation only asks it to stop. */
export function settled<T>(start: () => StartedWork<T>, what: string): Operation<T> {
  return suspend<T>((resume) => {
    const { host } = requireTask("start promise work").runner;
    const work = start();
    const release = host.hold(what, { keepAlive: false });
    let cancelled: unknown;
    let isSettled = false;
    // A promise of a foreign make may call back more than once, and throw besides.
    const settle = (how: () => void): void => {
      if (isSettled) return;
      isSettled = true;
      release();
      how();
    };
    const reject = (error: unknown): void =>
      settle(() => resume(failure(meaningOf(error, cancelled))));
    try {
      work.promise.then((value) => settle(() => resume(success(value))), reject);
    } catch (error) {
      reject(error);
    }
    return (reason) => {
      cancelled = reason;
      work.abort(reason);
      return "committed";
    };
  }, what);
}

/** What a rejection means to the task: the cancellation that made it, if there is one and it did. */
function meaningOf(error: unknown, cancelled: unknown): unknown {
  if (cancelled === undefined) return rejectionFor(error);
  const isEcho =
    error === cancelled ||
    isCancelled(error) ||
    (error instanceof Error && (error.name === "AbortError" || error.cause === cancelled));
  return isEcho ? cancelled : error;
}
