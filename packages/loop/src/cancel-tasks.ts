// The end of everything that is alive, as asyncio.run has it: each task is cancelled once and awaited. The tasks that these
// made while they unwound get a moment, and then the same, and so on until there are none; asyncio.run leaves them behind. What
// still makes new ones after many rounds is reported and left.
import { currentTask } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import { Future } from "./future.js";
import { internals } from "./internals.js";
import type { Task } from "./task.js";

/** So many iterations asyncio.run goes on for when the tasks that it has cancelled are done. */
const MOMENT = 5;

/** A program that makes new tasks whenever its tasks are cancelled would go on for ever. */
const MOST_ROUNDS = 100;

/** Cancels all tasks of a loop, the calling one apart; the future is done when they have ended. */
export function cancelTasks(loop: EventLoop): Future<void> {
  const end = new Future<void>({ loop, description: "the end of all tasks" });
  const caller = currentTask();
  const alive = (): Task<unknown>[] => {
    const tasks = loop[internals].tasks.list().map(({ task }) => task);
    return tasks.filter((task) => task !== caller);
  };
  let rounds = 0;
  const cancelRound = (): void => {
    let tasks = alive();
    if (++rounds > MOST_ROUNDS && tasks.length > 0) {
      reportEndless(loop, tasks);
      tasks = [];
    }
    let left = tasks.length;
    if (left === 0 && !end.done()) end.setResult();
    for (const task of tasks) {
      task.addDoneCallback(() => {
        report(loop, task);
        if (--left === 0) afterMoment(MOMENT);
      });
    }
    for (const task of tasks) task.cancel();
  };
  const afterMoment = (iterations: number): void => {
    if (iterations === 0 || alive().length === 0) cancelRound();
    else loop.callSoon(afterMoment, iterations - 1);
  };
  cancelRound();
  return end;
}

function reportEndless(loop: EventLoop, tasks: readonly Task<unknown>[]): void {
  const names = tasks.map((task) => task.name).join(", ");
  const message = `Cannot cancel all tasks of the event loop: after ${MOST_ROUNDS} rounds, those that were cancelled have made new ones again (${names})`;
  loop.callExceptionHandler({ message, task: tasks[0] as Task<unknown> });
}

function report(loop: EventLoop, task: Task<unknown>): void {
  if (task.cancelled()) return;
  const exception = task.exception();
  if (exception === undefined) return;
  const message = `${task.describe()} failed while the event loop cancelled its tasks`;
  loop.callExceptionHandler({ message, exception, task });
}
