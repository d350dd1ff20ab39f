import { CrossingCallback } from "./crossing-callback.js";
import type { Future } from "./future.js";
import { core } from "./internals.js";

/**
 * Has the loop call a function when a future is done, as `addDoneCallback` does, but in whatever async context there is then,
 * and at once where a task's end makes the future done and nothing else is ready, in the loop or on its host.
 *
 * Source: ours, for code that crosses into another runtime. Flavor: either. It waits for nothing.
 *
 * @param fn wakes somebody over there; must not throw
 * @param argument what it is called with; the future unless given
 * @throws LoopClosedError
 * @example
 * ```ts
 * import { createTask, run, whenDone } from "@trestle/loop";
 *
 * await run(async () => {
 *   whenDone(createTask(async () => "there"), (task) => console.log(task.result())); // "there"
 * });
 * ```
 */
export function whenDone<T, A = Future<T>>(
  future: Future<T>,
  fn: (argument: A) => void,
  argument: A = future as A,
): void {
  const inside = future[core];
  inside.tell(new CrossingCallback(inside, fn, argument));
}
