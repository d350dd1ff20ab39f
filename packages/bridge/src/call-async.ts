import { withoutCurrentTask, type EventLoop, type LoopFunction } from "@trestle/loop";
import type { Operation } from "@trestle/structured";
import { suspend } from "@trestle/structured/lowlevel";
import { waitForFuture } from "./translate-cancel.js";

/**
 * Runs an async function as a task of a loop, and waits for it as `waitForFuture` does.
 *
 * @param loop gives the loop; asked when the operation is run
 */
export function callAsync<A extends unknown[], T>(loop: () => EventLoop, fn: LoopFunction<A, T>, args: A): Operation<T> {
  return suspend<T>((resume) => {
    const task = withoutCurrentTask(() => loop().createTask(fn, ...args));
    return waitForFuture(task)(resume);
  }, `async function '${fn.name || "anonymous"}'`);
}
