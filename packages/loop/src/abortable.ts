import { describe, failure, success, WrongFlavorError, type Host, type Wait } from "@trestle/host";
import { CancelledError } from "./cancelled-error.js";
import { requireLoop } from "./current.js";
import type { Future } from "./future.js";
import { checkLoopFunction } from "./loop-function.js";
import type { SignalOption } from "./signal-option.js";
import { untilOn } from "./until.js";

/**
 * Starts promise work that an AbortSignal can stop, and gives a future of it: `fetch`, a query, a stream.
 *
 * Cancelling the future, or the task that awaits it, aborts the signal with the CancelledError as its reason, and goes on waiting
 * until the promise has settled: work that you started does not outlive you. If it then fails with the reason or with an
 * AbortError, the future is cancelled; a value or another error wins.
 *
 * Source: ours. Flavor: loop.
 *
 * @param start called at once; gets the signal and returns a promise
 * @param options an abort of `signal` is handed on with its reason, which is thrown
 * @throws what `start` throws or its promise rejects with; NoLoopError; WrongFlavorError where it returns no promise
 * @example
 * ```ts
 * import { abortable, run, timeout } from "@trestle/loop";
 *
 * await run(() =>
 *   timeout(1000, async () => {
 *     const response = await abortable((signal) => fetch("http://localhost:8080/", { signal }));
 *     console.log(response.status);
 *   }),
 * );
 * ```
 */
export function abortable<T>(
  start: (signal: AbortSignal) => PromiseLike<T>,
  options: SignalOption = {},
): Future<T> {
  const loop = requireLoop("start promise work");
  checkLoopFunction(start, "start promise work");
  return untilOn(loop, working(start, loop.host), WORK, options);
}

const WORK = "promise work that can be aborted";

function working<T>(start: (signal: AbortSignal) => PromiseLike<T>, host: Host): Wait<T> {
  return (resume) => {
    const controller = new AbortController();
    const promise = start(controller.signal);
    requirePromise(promise);
    const release = host.hold(WORK, { keepAlive: false });
    let isSettled = false;
    // A promise of a foreign make may call back more than once.
    const settle = (how: () => void): void => {
      if (isSettled) return;
      isSettled = true;
      release();
      how();
    };
    promise.then(
      (value) => settle(() => resume(success(value))),
      (error: unknown) => settle(() => resume(failure(meaningOf(error, controller.signal)))),
    );
    return (reason) => {
      controller.abort(reason);
      return "committed";
    };
  };
}

/** What a rejection means: the abort that made it, if there was one and it did. */
function meaningOf(error: unknown, { aborted, reason }: AbortSignal): unknown {
  if (!aborted || error === reason) return error;
  const isEcho =
    error instanceof CancelledError ||
    (error instanceof Error && (error.name === "AbortError" || error.cause === reason));
  return isEcho ? (reason as unknown) : error;
}

function requirePromise(promise: unknown): void {
  if (typeof (promise as { readonly then?: unknown } | null | undefined)?.then === "function")
    return;
  throw new WrongFlavorError(
    `Cannot start promise work with a function that gives ${describe(promise)}: a promise is wanted.\nReturn the promise that the signal stops.`,
  );
}
