import { run as runOfBridge, type LoopOptions, type StructuredEventLoop } from "@trestle/bridge";
import type { Operation, RunOptions } from "@trestle/structured";
import { withStructuredLayers } from "./layers.js";

/**
 * Runs a structured function as the main task of a run of its own, with a loop open around it that has worker threads, descriptors
 * and child processes.
 *
 * The promise gives main's value, or rejects: it is `run` of @trestle/bridge. Source: trio-asyncio's `run`. Flavor: this is where
 * promise code enters.
 *
 * @param main receives the loop
 * @param options those of a structured run, and those of `openLoop`
 * @throws ArgumentError at the call, for options that do not fit
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { asStructured, run } from "trestle";
 *
 * const text = await run(() => asStructured(readFile)("package.json", "utf8"));
 * ```
 */
export function run<T>(
  main: (loop: StructuredEventLoop) => Operation<T>,
  options: RunOptions & LoopOptions = {},
): Promise<T> {
  return runOfBridge(main, withStructuredLayers(options));
}
