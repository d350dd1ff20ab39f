import { ambient, requireTask } from "./ambient.js";
import type { Task } from "./task.js";

/**
 * Gives the task that runs now.
 *
 * Source: Trio. Flavor: structured. It waits for nothing.
 *
 * @throws NoRunError outside of a task
 * @example
 * ```ts
 * import { currentTask, run } from "@trestle/structured";
 *
 * await run(function* main() {
 *   console.log(currentTask().name); // "main"
 * });
 * ```
 */
export function currentTask(): Task<unknown> {
  return requireTask("tell the current task");
}

/**
 * Tells whether a structured task runs now.
 *
 * Source: Trio's `in_trio_task`. Flavor: either. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { inStructuredTask } from "@trestle/structured";
 *
 * inStructuredTask(); // false: this is promise code
 * ```
 */
export function inStructuredTask(): boolean {
  return ambient.task !== undefined;
}
