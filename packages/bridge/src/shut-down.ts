// The end of a loop's block, in the order of trio-asyncio: what is queued gets its first step; then structured calls and loop
// tasks are cancelled, at the same time and once each, and awaited, with all that they start while they unwind; then the
// loop stops and closes.
import { allTasks, type Task } from "@trestle/loop";
import { fromPromise, type Nursery, type Operation } from "@trestle/structured";
import type { LoopBlock } from "./loop-block.js";
import type { LoopRun } from "./loop-run.js";
import type { StructuredEventLoop } from "./structured-event-loop.js";

/** Ends everything that lives in the loop, and the loop. It is to be called in a shielded scope. */
export function* shutDown(
  loop: StructuredEventLoop,
  block: LoopBlock,
  run: LoopRun,
): Operation<void> {
  const wasStopped = !loop.isRunning();
  run.keepUp();
  if (!wasStopped) yield* loop.synchronize();
  yield* cancelAll(loop, block);
  yield* run.end();
  yield* fromPromise(loop.close());
}

function* cancelAll(loop: StructuredEventLoop, block: LoopBlock): Operation<void> {
  const { cancelScope } = block.nursery as Nursery;
  do {
    const tasks = [...allTasks(loop)];
    let left = tasks.length;
    for (const task of tasks) {
      task.addDoneCallback(() => {
        left--;
        collectError(task, block);
        block.changed();
      });
    }
    const asked = tasks.map((task) => task.cancelling());
    cancelScope.cancel("the block of openLoop has ended");
    for (const [i, task] of tasks.entries()) {
      // One that a structured call or another task waits for has been asked by that already.
      if (task.cancelling() === asked[i]) task.cancel();
    }
    while (left > 0 || block.calls > 0) yield* block.nextChange();
    // What unwinding tasks have started gets its first step, and is cancelled then.
    yield* loop.synchronize();
  } while (allTasks(loop).size > 0 || block.calls > 0);
}

function collectError(task: Task<unknown>, block: LoopBlock): void {
  if (task.cancelled()) return;
  const error = task.exception();
  if (error !== undefined) block.errors.push(error);
}
