// The end of a loop. What was ready runs, once: what it makes ready does not. Then whatever still waits is told that nothing
// will come any more, and gets one iteration to take that in.
import type { Future } from "./future.js";
import { core, type LoopInternals } from "./internals.js";
import { LoopClosedError } from "./loop-closed-error.js";
import type { TaskRun } from "./task-run.js";

/** Closes a loop that does not run. */
export async function closeLoop(inside: LoopInternals): Promise<void> {
  const { driver, scheduler, tasks, outside, failures, debug } = inside;
  scheduler.clearTimers();
  await driver.runOnce();
  scheduler.close();
  const alive = tasks.list();
  if (debug.isOn) alive.forEach(reportPending);
  const waits = [...alive, ...tasks.survived].map((run) => run.waits);
  for (const run of alive) run.abandon(noMore(run.task));
  for (const list of [...waits, outside.waits]) {
    list.forEach(({ future }) => future[core].abandon(noMore(future)));
  }
  await driver.runOnce();
  scheduler.clear();
  failures.reportAll();
}

function reportPending({ loop, task }: TaskRun): void {
  const message = `The event loop was closed while ${task.describe()} was pending`;
  loop.callExceptionHandler({ message, task, sourceStack: task[core].stacks?.made });
}

function noMore(future: Future<unknown>): LoopClosedError {
  return new LoopClosedError(`wait for ${future.describe()}`);
}
