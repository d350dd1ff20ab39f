import { ambient } from "./ambient.js";

/**
 * Calls the function as code that no structured task runs.
 *
 * Source: ours, for code that crosses into another runtime: an abort function runs in the name of the task whose wait it ends,
 * and what it asks of the other runtime is not that task's. Flavor: either. It waits for nothing.
 *
 * @param fn called at once, with the arguments
 * @throws what the function throws
 * @example
 * ```ts
 * import { inStructuredTask, run } from "@trestle/structured";
 * import { outsideOfTask } from "@trestle/structured/lowlevel";
 *
 * await run(function* () {
 *   outsideOfTask(inStructuredTask); // false
 * });
 * ```
 */
export function outsideOfTask<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R {
  const { task } = ambient;
  ambient.task = undefined;
  try {
    return fn(...args);
  } finally {
    ambient.task = task;
  }
}
