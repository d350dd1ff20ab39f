// Which loop a crossing goes to. Structured code has it in a context variable, which children inherit; loop code has the loop
// that runs it. The variable is asked first: a structured task may well run in the async context of a loop's callback.
import { currentLoop as runningLoop, type EventLoop } from "@trestle/loop";
import { inStructuredTask } from "@trestle/structured";
import { isAdopted } from "./adopted-loops.js";
import { loopVariable } from "./loop-variable.js";
import { NoHostedLoopError } from "./no-hosted-loop-error.js";
import { isStructuredEventLoop, type StructuredEventLoop } from "./structured-event-loop.js";

/**
 * Gives the loop that calls across go to: in structured code that of the innermost `openLoop`, also in tasks that were
 * started inside it; in loop code the loop that runs. Undefined where there is none.
 *
 * Source: trio-asyncio's `current_loop`. Flavor: either. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { currentLoop, run } from "@trestle/bridge";
 *
 * await run(function* (loop) {
 *   console.log(currentLoop() === loop); // true
 * });
 * ```
 */
export function currentLoop(): StructuredEventLoop | undefined {
  const loop = loopOfCrossing();
  return isStructuredEventLoop(loop) ? loop : undefined;
}

/** Of the loops that loop code may run in, only those of the bridge, and those that have let structured code in. */
function loopOfCrossing(): EventLoop | undefined {
  if (inStructuredTask()) return loopVariable.get();
  const loop = runningLoop();
  return loop !== undefined && (isStructuredEventLoop(loop) || isAdopted(loop)) ? loop : undefined;
}

/** The loop for a crossing, of whatever kind; throws NoHostedLoopError, which names the action, where there is none. */
export function requireLoopOfCrossing(action: string): EventLoop {
  const loop = loopOfCrossing();
  if (loop === undefined) throw new NoHostedLoopError(action);
  return loop;
}
