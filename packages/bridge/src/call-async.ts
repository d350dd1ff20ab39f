import type { Wait } from "@trestle/host";
import type { EventLoop, LoopFunction, Task } from "@trestle/loop";
import type { Operation } from "@trestle/structured";
import { suspend } from "@trestle/structured/lowlevel";
import { abandon } from "./abandoned.js";
import { waitForFuture } from "./translate-cancel.js";

/**
 * What a cancellation of a call does beside cancelling the task over there: wait until that has ended, or let go of it.
 */
export type OnCancel = "wait" | "abandon";

/**
 * Runs an async function as a task of a loop, and waits for it as `waitForFuture` does.
 *
 * @param loop gives the loop; asked when the operation is run
 * @param onCancel whether a cancellation, which cancels the task in any case, waits for the task's end
 */
export function callAsync<A extends unknown[], T>(
  loop: () => EventLoop,
  fn: LoopFunction<A, T>,
  args: A,
  onCancel: OnCancel = "wait",
): Operation<T> {
  const waitFor = onCancel === "wait" ? waitForFuture<T> : waitOrAbandon<T>;
  return suspend<T>(
    (resume) => waitFor(loop().createTask(fn, ...args))(resume),
    `async function '${fn?.name || "anonymous"}'`,
  );
}

function waitOrAbandon<T>(task: Task<T>): Wait<T> {
  return (resume) => {
    let isAbandoned = false;
    const abort = waitForFuture(task)((outcome) => {
      if (!isAbandoned) resume(outcome);
    });
    return (cancelled) => {
      isAbandoned = true;
      abort(cancelled);
      abandon(task);
      return "withdrawn";
    };
  };
}
