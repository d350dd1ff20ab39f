import { run as runOfLoop, type LoopFunction, type RunnerOptions } from "@trestle/loop";
import { withLayers } from "../layers.js";

/**
 * Runs an async function as the main task of an event loop of its own, which has worker threads, descriptors and child processes.
 *
 * It is `run` of @trestle/loop, which says how it ends and what it throws. Source: `asyncio.run`. Flavor: this is where a program
 * enters the loop flavor.
 *
 * @param main the main task's function
 * @param options where the loop lives, what is plugged into it instead, `debug`, and `loopFactory` for another loop
 * @returns main's value; rejects with main's error
 * @example
 * ```ts
 * import { run, sleep } from "trestle/loop";
 *
 * await run(() => sleep(10));
 * ```
 */
export function run<T>(main: LoopFunction<[], T>, options: RunnerOptions = {}): Promise<T> {
  return runOfLoop(main, withLayers(options));
}
