import { describe, WrongFlavorError } from "@trestle/host";
import { asStructured } from "./as-structured.js";
import type { Iteration } from "./from-loop.js";
import { isAsyncIterable } from "./iterator-host.js";
import { isStructuredEventLoop, type StructuredEventLoop } from "./structured-event-loop.js";

/**
 * Makes an async iterable usable in structured code, with all of its steps in a task of the given loop.
 *
 * It is `asStructured(iterable, { loop })`: see there. Source: trio-asyncio's `run_aio_generator`, whose loop was not looked at.
 * Flavor: structured.
 *
 * @param loop where the iterable's code runs
 * @param iterable what `for await` takes
 * @throws WrongFlavorError for what is no loop of the bridge or no async iterable; what `each` and `open` throw, where these are run
 * @example
 * ```ts
 * import { iterate, run } from "@trestle/bridge";
 * import { setInterval } from "node:timers/promises";
 *
 * await run((loop) =>
 *   iterate(loop, setInterval(10, "tick")).open(function* (ticks) {
 *     yield* ticks.next();
 *   }),
 * );
 * ```
 */
export function iterate<T, R, N>(
  loop: StructuredEventLoop,
  iterable: AsyncIterable<T, R, N>,
): Iteration<T, R, N> {
  if (!isStructuredEventLoop(loop)) {
    throw new WrongFlavorError(
      `Cannot iterate in ${describe(loop)}: a loop of the bridge is wanted.\nGive the loop that 'openLoop' or 'run' has given to its body.`,
    );
  }
  if (!isAsyncIterable(iterable)) {
    throw new WrongFlavorError(
      `Cannot iterate over ${describe(iterable)}: an async iterable is wanted.\nCall the function that gives it first.`,
    );
  }
  return asStructured(iterable, { loop });
}
