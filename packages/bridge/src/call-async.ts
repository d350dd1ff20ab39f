import type { Abort, Outcome } from "@trestle/host";
import type { EventLoop, LoopFunction, Task } from "@trestle/loop";
import type { Operation } from "@trestle/structured";
import { suspend } from "@trestle/structured/lowlevel";
import { abandon } from "./abandoned.js";
import { beginWait } from "./translate-cancel.js";

/**
 * What a cancellation of a call does beside cancelling the task over there: wait until that has ended, or let go of it.
 */
export type OnCancel = "wait" | "abandon";

/**
 * Runs an async function as a task of a loop, and waits for it as `waitForFuture` does.
 *
 * @param loop gives the loop; asked when the operation is run
 * @param onCancel whether a cancellation, which cancels the task in any case, waits for the task's end
 * @param what what is awaited, for reports
 */
export function callAsync<A extends unknown[], T>(
  loop: () => EventLoop,
  fn: LoopFunction<A, T>,
  args: A,
  onCancel: OnCancel = "wait",
  what: string = asyncCallOf(fn?.name),
): Operation<T> {
  const begin = onCancel === "wait" ? beginWait<T> : beginWaitOrAbandon<T>;
  return suspend<T>((resume) => begin(loop().createTask(fn, ...args), resume), what);
}

/** What a call of an async function of some name is, for reports. */
export function asyncCallOf(name: string): string {
  return `async function '${name || "anonymous"}'`;
}

function beginWaitOrAbandon<T>(task: Task<T>, resume: (outcome: Outcome<T>) => void): Abort {
  let isAbandoned = false;
  const abort = beginWait(task, (outcome) => {
    if (!isAbandoned) resume(outcome);
  });
  return (cancelled) => {
    isAbandoned = true;
    abort(cancelled);
    abandon(task);
    return "withdrawn";
  };
}
