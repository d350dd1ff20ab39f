// The end of a loop's block, in the order of trio-asyncio: what is queued gets its first step; then structured calls and loop
// tasks are cancelled, at the same time and once each, and awaited, with all that they start while they unwind; then the
// loop stops and closes.
import { allTasks } from "@trestle/loop";
import { fromPromise, type Nursery, type Operation } from "@trestle/structured";
import type { LoopBlock } from "./loop-block.js";
import type { LoopRun } from "./loop-run.js";
import type { StructuredEventLoop } from "./structured-event-loop.js";

/** Ends everything that lives in the loop, and the loop. It is to be called in a shielded scope. */
export function* shutDown(loop: StructuredEventLoop, block: LoopBlock, run: LoopRun): Operation<void> {
  if (loop.isRunning()) yield* loop.synchronize();
  else run.start();
  (block.nursery as Nursery).cancelScope.cancel("the block of openLoop has ended");
  yield* cancelTasks(loop, block);
  loop.stop();
  yield* run.ended();
  yield* fromPromise(loop.close());
}

function* cancelTasks(loop: StructuredEventLoop, block: LoopBlock): Operation<void> {
  for (;;) {
    const tasks = [...allTasks(loop)];
    let left = tasks.length;
    for (const task of tasks) {
      task.addDoneCallback(() => {
        left--;
        if (!task.cancelled() && task.exception() !== undefined) block.errors.push(task.exception());
        block.changed();
      });
    }
    for (const task of tasks) task.cancel();
    while (left > 0 || block.calls > 0) yield* block.nextChange();
    // What unwinding tasks have started gets its first step, and is cancelled then.
    yield* loop.synchronize();
    if (allTasks(loop).size === 0 && block.calls === 0) return;
  }
}
