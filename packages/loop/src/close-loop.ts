// The end of a loop. What was ready runs, once: what it makes ready does not. Then whatever still waits is told that nothing
// will come any more, and gets one iteration to take that in.
import type { Driver } from "./driver.js";
import type { Future } from "./future.js";
import { core, type LoopInternals } from "./internals.js";
import { LoopClosedError } from "./loop-closed-error.js";

/** Closes a loop that does not run. */
export async function closeLoop(
  driver: Driver,
  { scheduler, tasks, outside, failures }: LoopInternals,
): Promise<void> {
  scheduler.clearTimers();
  await driver.runOnce();
  scheduler.close();
  const alive = tasks.list();
  const waits = [...alive, ...tasks.survived].map((run) => run.waits);
  for (const run of alive) run.abandon(noMore(run.task));
  for (const list of [...waits, outside.waits]) {
    list.forEach(({ future }) => future[core].abandon(noMore(future)));
  }
  await driver.runOnce();
  scheduler.clear();
  failures.reportAll();
}

function noMore(future: Future<unknown>): LoopClosedError {
  return new LoopClosedError(`wait for ${future.describe()}`);
}
