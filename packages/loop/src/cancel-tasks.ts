// The end of everything that is alive, as asyncio.run has it: each task is cancelled once and awaited; the tasks that these
// made while they unwound are cancelled then, and so on until there are none.
import { currentTask } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import { Future } from "./future.js";
import { internals } from "./internals.js";
import type { Task } from "./task.js";

/** Cancels all tasks of a loop, the calling one apart; the future is done when they have ended. */
export function cancelTasks(loop: EventLoop): Future<void> {
  const end = new Future<void>({ loop, description: "the end of all tasks" });
  const caller = currentTask();
  const nextRound = (): void => {
    if (end.done()) return;
    const tasks = loop[internals].tasks
      .list()
      .map(({ task }) => task)
      .filter((task) => task !== caller);
    let left = tasks.length;
    if (left === 0) end.setResult();
    const ended = (task: Task<unknown>): void => {
      report(loop, task);
      if (--left === 0) nextRound();
    };
    for (const task of tasks) task.addDoneCallback(ended);
    for (const task of tasks) task.cancel();
  };
  nextRound();
  return end;
}

function report(loop: EventLoop, task: Task<unknown>): void {
  if (task.cancelled()) return;
  const exception = task.exception();
  if (exception === undefined) return;
  const message = `${task.describe()} failed while the event loop cancelled its tasks`;
  loop.callExceptionHandler({ message, exception, task });
}
