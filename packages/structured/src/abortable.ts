import { failure, success } from "@trestle/host";
import { requireTask } from "./ambient.js";
import { requirePromise } from "./from-promise.js";
import type { Operation } from "./operation.js";
import { suspend } from "./suspend.js";

/**
 * Starts promise work that an AbortSignal can stop, and waits for it.
 *
 * A cancellation aborts the signal, with the Cancelled as its reason, and goes on waiting until the promise has settled: work
 * that you started does not outlive you. If it then fails with the reason or with an AbortError, the task is cancelled; a value
 * or another error wins. Source: ours. Flavor: structured.
 *
 * @param start gets the signal and returns a promise
 * @throws what `start` throws or its promise rejects with; WrongFlavorError where it returns no promise
 * @example
 * ```ts
 * import { abortable, moveOnAfter, run } from "@trestle/structured";
 * import { setTimeout } from "node:timers/promises";
 *
 * await run(() => moveOnAfter(10, () => abortable((signal) => setTimeout(1000, "late", { signal }))));
 * ```
 */
export function abortable<T>(start: (signal: AbortSignal) => PromiseLike<T>): Operation<T> {
  return suspend<T>((resume) => {
    const { host } = requireTask("start promise work").runner;
    const controller = new AbortController();
    const promise = start(controller.signal);
    requirePromise(promise, "'abortable' wants a function that returns a promise");
    const release = host.hold("promise work that can be aborted", { keepAlive: false });
    promise.then(
      (value) => {
        release();
        resume(success(value));
      },
      (error: unknown) => {
        release();
        const { aborted, reason } = controller.signal;
        resume(failure(aborted && isAbort(error, reason) ? reason : error));
      },
    );
    return (cancelled) => {
      controller.abort(cancelled);
      return "committed";
    };
  }, "promise work that can be aborted");
}

function isAbort(error: unknown, reason: unknown): boolean {
  return (
    error === reason ||
    (error instanceof Error && (error.name === "AbortError" || error.cause === reason))
  );
}
