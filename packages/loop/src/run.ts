import { checkLoopFunction, type LoopFunction } from "./loop-function.js";
import { Runner, type RunnerOptions } from "./runner.js";

/**
 * Runs an async function as the main task of an event loop of its own. When it has ended, every task that is still alive is
 * cancelled once and awaited, and the loop is closed.
 *
 * The first SIGINT (Ctrl-C) cancels main, and this then throws InterruptedError; a second one ends the process. Where somebody else
 * listens to SIGINT, that is left to them.
 *
 * Source: `asyncio.run`. Flavor: this is where a program enters the loop flavor.
 *
 * @param main the main task's function
 * @param options where the loop lives, what is plugged into it, `debug`, and `loopFactory` for another loop
 * @returns main's value; rejects with main's error
 * @throws InterruptedError after Ctrl-C; LoopRunningError in a loop that runs; WrongFlavorError for a function of the structured flavor
 * @example
 * ```ts
 * import { run, sleep } from "@trestle/loop";
 *
 * const answer = await run(async () => {
 *   await sleep(10);
 *   return 42;
 * });
 * ```
 */
export async function run<T>(main: LoopFunction<[], T>, options: RunnerOptions = {}): Promise<T> {
  checkLoopFunction(main, "run");
  const runner = new Runner(options);
  try {
    return await runner.run(main);
  } finally {
    await runner.close();
  }
}
