import { requireLoop } from "./current.js";
import type { TaskCall } from "./task-options.js";
import type { Task } from "./task.js";

/**
 * Makes a task of the running loop that calls the function in the next iteration, in the caller's async context.
 *
 * Source: asyncio, which takes a coroutine where this takes the function. Flavor: loop. It waits for nothing.
 *
 * @param call an async function and its arguments; options may come before it: `createTask({ name: "reader" }, read, file)`
 * @throws NoLoopError; LoopClosedError; WrongFlavorError for a function of the structured flavor, or none
 * @example
 * ```ts
 * import { createTask, run, sleep } from "@trestle/loop";
 *
 * await run(async () => {
 *   const task = createTask(sleep, 10, "slept");
 *   console.log(await task);
 * });
 * ```
 */
export function createTask<A extends unknown[], T>(...call: TaskCall<A, T>): Task<T> {
  return requireLoop("create a task").createTask(...call);
}
