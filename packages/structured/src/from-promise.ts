import { describe, failure, success, WrongFlavorError } from "@trestle/host";
import { requireTask } from "./ambient.js";
import type { Operation } from "./operation.js";
import { suspend } from "./suspend.js";

/**
 * Waits for a promise that somebody else has started, and gives its value or throws its error.
 *
 * A cancellation stops the waiting, at once; the promise goes on, and what becomes of it is not looked at. For work of your
 * own that can be stopped use `abortable`. Source: ours. Flavor: structured.
 *
 * @throws the promise's rejection; WrongFlavorError, at the call, for what is no promise
 * @example
 * ```ts
 * import { fromPromise, run } from "@trestle/structured";
 *
 * await run(() => fromPromise(Promise.resolve(42)));
 * ```
 */
export function fromPromise<T>(promise: PromiseLike<T>): Operation<T> {
  requirePromise(promise, "it is not a promise");
  return suspend<T>((resume) => {
    const what = "a promise";
    const release = requireTask("wait for a promise").runner.host.hold(what, { keepAlive: false });
    let waiting = true;
    const settle = (deliver: () => void): void => {
      if (!waiting) return;
      waiting = false;
      release();
      deliver();
    };
    promise.then(
      (value) => settle(() => resume(success(value))),
      (error: unknown) => settle(() => resume(failure(error))),
    );
    return () => {
      waiting = false;
      release();
      return "withdrawn";
    };
  }, "a promise");
}

/** Throws WrongFlavorError for what is no promise. An operation passes: its own `then` refuses. */
export function requirePromise(promise: unknown, why: string): void {
  if (typeof (promise as { readonly then?: unknown } | null | undefined)?.then === "function") return;
  throw new WrongFlavorError(
    `Cannot wait for ${describe(promise)}: ${why}.\nAn operation needs no wrapper: write 'yield*' before it.`,
  );
}
