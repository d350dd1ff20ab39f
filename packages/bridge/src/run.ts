import { run as runStructured, type Operation, type RunOptions } from "@trestle/structured";
import { openLoop } from "./open-loop.js";
import type { StructuredEventLoop } from "./structured-event-loop.js";

/**
 * Runs a structured function as the main task of a run of its own, with a loop open around it.
 *
 * The promise gives main's value, or rejects: see `run` of @trestle/structured and `openLoop`. Source: trio-asyncio's `run`.
 * Flavor: this is where promise code enters.
 *
 * @param main receives the loop
 * @param options those of a structured run
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
  options: RunOptions = {},
): Promise<T> {
  const inLoop = (): Operation<T> => openLoop(main);
  Object.defineProperty(inLoop, "name", { value: main.name || "main" });
  return runStructured(inLoop, options);
}
