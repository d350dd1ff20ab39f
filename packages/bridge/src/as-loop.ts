import { describe, WrongFlavorError } from "@trestle/host";
import type { Future } from "@trestle/loop";
import type { StructuredFunction } from "@trestle/structured";
import type { CrossingOptions } from "./as-structured.js";
import { requireHostedLoop } from "./current-loop.js";

/**
 * Makes a structured function usable in loop code: a call of the result starts a structured task and gives its Future at once.
 *
 * The task runs in the loop's nursery, not in the caller's scopes; these reach it through the Future. Cancelling the Future
 * cancels the task, and the Future stays pending until the task has ended: cancelled then, it is cancelled; a value or an error
 * wins. `gather`, `waitFor`, `timeout` and the like work on it. Source: trio-asyncio's `trio_as_aio`. Flavor: gives the loop one.
 *
 * @param fn a structured function
 * @param options which loop
 * @throws WrongFlavorError for anything else; the result throws NoHostedLoopError where no loop is open, LoopClosedError
 * @example
 * ```ts
 * import { asLoop, asStructured, run } from "@trestle/bridge";
 * import { sleep } from "@trestle/structured";
 *
 * const nap = asLoop(function* (ms: number) {
 *   yield* sleep(ms);
 *   return "rested";
 * });
 *
 * const day = asStructured(async () => {
 *   console.log(await nap(10)); // "rested"
 * });
 *
 * await run(() => day());
 * ```
 */
export function asLoop<A extends unknown[], T>(
  fn: StructuredFunction<A, T>,
  options: CrossingOptions = {},
): (...args: A) => Future<T> {
  if (typeof fn !== "function") {
    throw new WrongFlavorError(
      `Cannot make ${describe(fn)} loop-flavored.\nGive a structured function: 'function* () { ... }'.`,
    );
  }
  const kind = (fn as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (kind === "AsyncFunction" || kind === "AsyncGeneratorFunction") {
    throw new WrongFlavorError(
      `Cannot make ${describe(fn)} loop-flavored: it is already.\nCall it as it is; for structured code, wrap it by 'asStructured'.`,
    );
  }
  const call = (...args: A): Future<T> => {
    const loop =
      options.loop ??
      requireHostedLoop(`call '${fn.name || "a structured function"}' from loop code`);
    return loop.structuredAsFuture(fn, ...args);
  };
  Object.defineProperty(call, "name", { value: fn.name });
  return call;
}
