import { run as runStructured, type Operation, type RunOptions } from "@trestle/structured";
import { checkLoopOptions, type LoopOptions } from "./loop-options.js";
import { openLoop } from "./open-loop.js";
import type { StructuredEventLoop } from "./structured-event-loop.js";

/**
 * Runs a structured function as the main task of a run of its own, with a loop open around it.
 *
 * The promise gives main's value, or rejects, when everything in the run has ended; `{ signal }` cancels it. See `run` of @trestle/structured and `openLoop`. Source: trio-asyncio's `run`.
 * Flavor: this is where promise code enters.
 *
 * @param main receives the loop
 * @param options those of a structured run, and those of `openLoop`
 * @throws ArgumentError at the call, for options that do not fit
 * @example
 * ```ts
 * import { asStructured, run } from "@trestle/bridge";
 * import { readFile } from "node:fs/promises";
 *
 * const read = asStructured((path: string) => readFile(path, "utf8"));
 * const text = await run(() => read("package.json"));
 * ```
 */
export function run<T>(
  main: (loop: StructuredEventLoop) => Operation<T>,
  options: RunOptions & LoopOptions = {},
): Promise<T> {
  checkLoopOptions(options);
  const inLoop = (): Operation<T> => openLoop(main, options);
  Object.defineProperty(inLoop, "name", { value: main?.name || "main" });
  return runStructured(inLoop, options);
}
