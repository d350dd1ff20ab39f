import { ambient, requireRun } from "../ambient.js";
import type { Task } from "../task.js";

/**
 * Gives the main task of this run, at the root of the tree of its tasks.
 *
 * Source: Trio's `current_root_task`; here main stands at the top, with no hidden task above. Flavor: structured. It waits for
 * nothing.
 *
 * @throws NoRunError outside of a run
 * @example
 * ```ts
 * import { currentRootTask, openNursery, run } from "@trestle/structured";
 *
 * await run(function* main() {
 *   yield* openNursery(function* (nursery) {
 *     nursery.startSoon(function* child() {
 *       console.log(currentRootTask().name); // "main"
 *     });
 *   });
 * });
 * ```
 */
export function currentRootTask(): Task<unknown> {
  return requireRun("tell the main task").main;
}

/**
 * Tells whether this is code of a structured run: of a task, of the abort of a wait, of `runSoon`, or a callback of the run's
 * own host (`currentHost()`), where there is no task.
 *
 * Source: Trio's `in_trio_run`. Flavor: either. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { inStructuredRun } from "@trestle/structured";
 *
 * inStructuredRun(); // false: this is promise code
 * ```
 */
export function inStructuredRun(): boolean {
  return ambient.task !== undefined || ambient.run !== undefined;
}
