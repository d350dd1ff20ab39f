import { currentLoop as runningLoop } from "@trestle/loop";
import { inStructuredTask } from "@trestle/structured";

/** A kind of asynchronous code. */
export type Flavor = "structured" | "loop";

/**
 * Tells which flavor of code runs here: "structured" in tasks of a structured run and in the abort functions of their waits,
 * "loop" in tasks and callbacks of a loop that runs, undefined elsewhere.
 *
 * A library that serves both asks this once, at its entry. Source: `sniffio.current_async_library`. Flavor: either. It waits
 * for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { asStructured, currentFlavor, run } from "@trestle/bridge";
 *
 * await run(function* () {
 *   console.log(currentFlavor()); // "structured"
 *   yield* asStructured(async () => {
 *     console.log(currentFlavor()); // "loop"
 *   })();
 * });
 * ```
 */
export function currentFlavor(): Flavor | undefined {
  if (inStructuredTask()) return "structured";
  return runningLoop()?.isRunning() === true ? "loop" : undefined;
}
