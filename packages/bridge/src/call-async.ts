import type { EventLoop, LoopFunction } from "@trestle/loop";
import type { Operation } from "@trestle/structured";
import { suspend } from "@trestle/structured/lowlevel";
import { waitForFuture } from "./translate-cancel.js";

/**
 * Runs an async function as a task of a loop, and waits for it as `waitForFuture` does.
 *
 * @param loop gives the loop; asked when the operation is run
 */
export function callAsync<A extends unknown[], T>(
  loop: () => EventLoop,
  fn: LoopFunction<A, T>,
  args: A,
): Operation<T> {
  return suspend<T>(
    (resume) => waitForFuture(loop().createTask(fn, ...args))(resume),
    `async function '${fn.name || "anonymous"}'`,
  );
}
