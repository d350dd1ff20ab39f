import { currentLoop } from "./current.js";
import { EventLoop, type EventLoopOptions } from "./event-loop.js";
import { LoopRunningError } from "./loop-running-error.js";
import { checkLoopFunction, type LoopFunction } from "./loop-function.js";

/**
 * Runs an async function as the main task of an event loop of its own. When it has ended, every task that is still alive is
 * cancelled once and awaited, and the loop is closed.
 *
 * Source: `asyncio.run`. Flavor: this is where a program enters the loop flavor.
 *
 * @param main the main task's function
 * @param options where the loop lives
 * @returns main's value; rejects with main's error
 * @throws LoopRunningError in a loop that runs; WrongFlavorError for a function of the structured flavor
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
export async function run<T>(
  main: LoopFunction<[], T>,
  options: EventLoopOptions = {},
): Promise<T> {
  checkLoopFunction(main, "run");
  if (currentLoop()?.isRunning()) {
    throw new LoopRunningError(
      "run a second event loop in the first",
      "Await the function, or give it to 'createTask'.",
    );
  }
  const loop = new EventLoop(options);
  try {
    const task = loop.createTask(main);
    task.name = main.name || "main";
    return await loop.runUntilComplete(task);
  } finally {
    await endLoop(loop);
  }
}

async function endLoop(loop: EventLoop): Promise<void> {
  try {
    await loop.runUntilComplete(loop.cancelAllTasks());
  } finally {
    await loop.close();
  }
}
