import { requireLoop } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import { internals } from "./internals.js";
import type { Task } from "./task.js";

/**
 * Gives the tasks of a loop that have not ended, the oldest first.
 *
 * Source: asyncio. Flavor: loop. It waits for nothing.
 *
 * @param loop the running one unless given
 * @throws NoLoopError where none is given and none runs
 * @example
 * ```ts
 * import { allTasks, run } from "@trestle/loop";
 *
 * await run(async function main() {
 *   console.log([...allTasks()].map((task) => task.name)); // ["main"]
 * });
 * ```
 */
export function allTasks(loop: EventLoop = requireLoop("list all tasks")): Set<Task<unknown>> {
  return new Set(loop[internals].tasks.list().map(({ task }) => task));
}
