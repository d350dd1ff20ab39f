import { describe, WrongFlavorError } from "@trestle/host";
import { isFuture, type Future } from "@trestle/loop";
import { fromPromise, type Operation } from "@trestle/structured";
import { awaitFuture } from "./await-future.js";
import { callAsync } from "./call-async.js";
import { requireHostedLoop } from "./current-loop.js";
import type { StructuredEventLoop } from "./structured-event-loop.js";

/** Where a crossing goes. */
export interface CrossingOptions {
  /** The loop; unless given, the current one when the call is run. */
  readonly loop?: StructuredEventLoop;
}

/**
 * Makes something of the loop flavor usable in structured code.
 *
 * - An async function gives a structured one: a call of it runs the function as a task of the loop, from its first line on, and
 *   waits for it. A cancellation cancels the task, once, and waits until it has ended; its `signal` fires.
 * - A Future or a promise gives an operation that waits for it. A cancellation cancels the Future and waits; a promise, which
 *   nobody can cancel, is no longer looked at.
 *
 * Cancelled afterwards means Cancelled; a value or an error of the task wins. Errors cross as they are. Source: trio-asyncio's
 * `aio_as_trio`. Flavor: gives the structured one.
 *
 * @param x an async function, a Future or a promise
 * @param options which loop
 * @throws WrongFlavorError for anything else; the result throws NoHostedLoopError where no loop is open
 * @example
 * ```ts
 * import { asStructured, run } from "@trestle/bridge";
 * import { currentTask } from "@trestle/loop";
 * import { failAfter } from "@trestle/structured";
 *
 * const load = asStructured(async (url: string) => {
 *   const response = await fetch(url, { signal: currentTask()?.signal ?? null });
 *   return response.text();
 * });
 *
 * async function main(url: string): Promise<string> {
 *   return run(() => failAfter(1000, () => load(url)));
 * }
 * ```
 */
export function asStructured<A extends unknown[], T>(
  x: (...args: A) => PromiseLike<T>,
  options?: CrossingOptions,
): (...args: A) => Operation<T>;
export function asStructured<T>(x: PromiseLike<T>, options?: CrossingOptions): Operation<T>;
export function asStructured<A extends unknown[], T>(
  x: ((...args: A) => PromiseLike<T>) | PromiseLike<T>,
  options: CrossingOptions = {},
): ((...args: A) => Operation<T>) | Operation<T> {
  if (typeof x === "function") return structuredCall(x, options);
  if (isFuture(x)) return awaitFuture(x as Future<T>);
  if (isPromise(x)) return fromPromise(x);
  throw new WrongFlavorError(`Cannot make ${describe(x)} structured.\n${advice(x)}`);
}

function structuredCall<A extends unknown[], T>(
  fn: (...args: A) => PromiseLike<T>,
  options: CrossingOptions,
): (...args: A) => Operation<T> {
  const kind = (fn as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (kind === "GeneratorFunction") {
    throw new WrongFlavorError(
      `Cannot make ${describe(fn)} structured: it is already.\nCall it with 'yield*'; for loop code, wrap it by 'asLoop'.`,
    );
  }
  if (kind === "AsyncGeneratorFunction") {
    throw new WrongFlavorError(
      `Cannot make ${describe(fn)} structured: it gives many values.\nIterate in an async function, and wrap that.`,
    );
  }
  const loopOfCall = (): StructuredEventLoop =>
    options.loop ??
    requireHostedLoop(`call '${fn.name || "an async function"}' from structured code`);
  const call = (...args: A): Operation<T> => callAsync(loopOfCall, fn, args);
  Object.defineProperty(call, "name", { value: fn.name });
  return call;
}

function isPromise(x: unknown): x is PromiseLike<unknown> {
  // Operations answer an await with an error: they have a 'then' too.
  return (
    typeof x === "object" &&
    x !== null &&
    "then" in x &&
    typeof x.then === "function" &&
    !(Symbol.iterator in x)
  );
}

function advice(x: unknown): string {
  if (typeof x === "object" && x !== null && Symbol.iterator in x) {
    return "An operation needs no wrapper: write 'yield*' before it.";
  }
  return "Give an async function, a Future or a promise.";
}
