import { ambient } from "./ambient.js";
import { callStructured } from "./operation-of.js";
import type { Operation, StructuredFunction } from "./operation.js";
import { refusingAwait } from "./refusing-await.js";
import { takeYield, yieldHandler, type YieldHandler } from "./yield-handler.js";

/**
 * Runs a structured function in which a plain `yield` of something foreign is run as the operation that a handler makes of it,
 * instead of being refused. The operation's value is that of the `yield`, and its error is thrown there.
 *
 * It holds for everything that runs inside: blocks, nested calls, and tasks that are started there. The innermost handler is
 * asked, and what it does not know is refused. Waits for the function. Source: ours, after trio-asyncio's shim. Flavor: structured.
 *
 * @param handler gives an operation, or undefined for what it does not know
 * @throws what the function throws
 * @example
 * ```ts
 * import { fromPromise, run, type Operation } from "@trestle/structured";
 * import { acceptYields } from "@trestle/structured/lowlevel";
 *
 * function* patient(): Generator<unknown, void> {
 *   yield Promise.resolve();
 * }
 *
 * await run(() =>
 *   acceptYields(
 *     (value) => (value instanceof Promise ? fromPromise<unknown>(value) : undefined),
 *     patient as () => Operation<void>,
 *   ),
 * );
 * ```
 */
export function acceptYields<A extends unknown[], T>(
  handler: YieldHandler,
  fn: StructuredFunction<A, T>,
  ...args: A
): Operation<T> {
  return refusingAwait(() => accept(handler, fn, args));
}

function* accept<A extends unknown[], T>(
  handler: YieldHandler,
  fn: StructuredFunction<A, T>,
  args: A,
): Operation<T> {
  ambient.takeYield = takeYield;
  const token = yieldHandler.set(handler);
  try {
    return yield* callStructured(fn, args, "run a function that yields what is not the runtime's");
  } finally {
    yieldHandler.reset(token);
  }
}
