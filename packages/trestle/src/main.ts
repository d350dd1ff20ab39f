import type { LoopOptions, StructuredEventLoop } from "@trestle/bridge";
import { main as mainOfStructured, type Operation, type RunOptions } from "@trestle/structured";
import { openLoop } from "./bridge/open-loop.js";

/**
 * Runs a structured function as this process's program, with a loop open around it, and sees to its signals and its exit code.
 *
 * It is `main` of @trestle/structured, which says how signals and errors become an exit code, around `openLoop` of @trestle/bridge.
 * The promise is there when all is done, and never rejects. Source: ours. Flavor: this is where a program enters the structured one.
 *
 * @param fn the main task's function, which receives the loop
 * @param options those of a run, and those of `openLoop`
 * @throws NoProcessError where there is no process; ArgumentError for options of a run that make no sense
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { asStructured, main } from "trestle";
 *
 * void main(function* () {
 *   console.log(yield* asStructured(readFile)("package.json", "utf8"));
 * });
 * ```
 */
export function main(
  fn: (loop: StructuredEventLoop) => Operation<number | void>,
  options: RunOptions & LoopOptions = {},
): Promise<void> {
  const inLoop = (): Operation<number | void> => openLoop(fn, options);
  Object.defineProperty(inLoop, "name", { value: fn?.name || "main" });
  return mainOfStructured(inLoop, options);
}
