import type { Future } from "@trestle/loop";
import type { StructuredFunction } from "@trestle/structured";
import { requireLoopOfCrossing } from "./current-loop.js";
import { startStructured } from "./start-structured.js";

/**
 * Runs a structured function as a task in the current loop's nursery, and gives a Future of it: `structuredAsFuture` of the
 * current loop.
 *
 * The call is queued like `callSoon`. The Future is done when the task has ended; its errors go there and nowhere else, so look
 * at it. Cancelling it cancels the task; before the task has started, it never runs. Source: trio-asyncio's `run_trio`.
 * Flavor: loop; may be called from plain callbacks and structured code too. It waits for nothing.
 *
 * @param fn a structured function
 * @param args its arguments
 * @throws NoHostedLoopError where no loop is open; LoopClosedError
 * @example
 * ```ts
 * import { asStructured, run, runStructured } from "@trestle/bridge";
 * import { sleep } from "@trestle/structured";
 *
 * const day = asStructured(async () => {
 *   await runStructured(sleep, 10);
 * });
 *
 * await run(() => day());
 * ```
 */
export function runStructured<A extends unknown[], T>(
  fn: StructuredFunction<A, T>,
  ...args: A
): Future<T> {
  const loop = requireLoopOfCrossing(`run '${fn?.name || "a structured function"}'`);
  return startStructured(loop, fn, args);
}
