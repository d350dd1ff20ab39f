import { requireRun } from "../ambient.js";
import type { StructuredFunction } from "../operation.js";
import { servicesOf } from "./run-services.js";
import type { Task } from "../task.js";

/**
 * Starts a task that belongs to the run and to no nursery: something that serves all tasks, such as the reader of one shared
 * connection. It is in no scope of its caller, has the context that `run` was called in, and is cancelled when main has ended;
 * the run waits for it. Its error cancels all tasks, and the run rejects with RunCrashedError.
 *
 * It returns at once. Source: Trio. Flavor: structured.
 *
 * @param fn a structured function; `named` gives it a name for reports
 * @throws RunFinishedError where the run is ending; NoRunError outside of a run; WrongFlavorError for an async function and the like
 * @example
 * ```ts
 * import { run, sleep, type Operation } from "@trestle/structured";
 * import { spawnSystemTask } from "@trestle/structured/lowlevel";
 *
 * function* heartbeat(): Operation<void> {
 *   for (;;) {
 *     console.log("alive");
 *     yield* sleep(1000);
 *   }
 * }
 *
 * await run(function* () {
 *   spawnSystemTask(heartbeat);
 *   yield* sleep(10);
 * });
 * ```
 */
export function spawnSystemTask<A extends unknown[], T>(
  fn: StructuredFunction<A, T>,
  ...args: A
): Task<T> {
  const state = requireRun("start a system task");
  return servicesOf(state).spawn(fn, args) as Task<unknown> as Task<T>;
}
