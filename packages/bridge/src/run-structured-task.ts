import type { Handle } from "@trestle/loop";
import type { StructuredFunction } from "@trestle/structured";
import { BackgroundCall } from "./background-call.js";
import { requireLoopOfCrossing } from "./current-loop.js";
import { startStructured } from "./start-structured.js";

/**
 * Starts a structured function as a background task in the current loop's nursery: `runStructuredTask` of the current loop.
 *
 * An error of it goes to the loop's exception handler, and ends the block of `openLoop` unless a handler was set. Source:
 * trio-asyncio's `run_trio_task`, which gives nothing back. Flavor: loop; may be called from plain callbacks and structured code
 * too. It waits for nothing.
 *
 * @param fn a structured function
 * @param args its arguments
 * @returns a handle that cancels the task
 * @throws NoHostedLoopError where no loop is open; LoopClosedError
 * @example
 * ```ts
 * import { run, runStructuredTask } from "@trestle/bridge";
 * import { sleep } from "@trestle/structured";
 *
 * await run(function* (loop) {
 *   loop.callSoon(() => runStructuredTask(sleep, 10));
 *   yield* sleep(20);
 * });
 * ```
 */
export function runStructuredTask<A extends unknown[]>(
  fn: StructuredFunction<A, unknown>,
  ...args: A
): Handle {
  const loop = requireLoopOfCrossing(`run '${fn?.name || "a structured function"}'`);
  return new BackgroundCall(startStructured(loop, fn, args));
}
