// One turn of a task: its innermost iterator is resumed, and where a block's body has ended, what is around it as well.
//
// `next` is the only method of a generator that is called; except that a generator that yields something foreign is told so
// by `throw`, unless the task has a handler for it (yield-handler.ts).
import { ambient } from "./ambient.js";
import { captureContext, contexts, type AsyncContext } from "./async-context.js";
import { refuseYield } from "./foreign-yield.js";
import type { OperationIterator } from "./operation.js";
import { CALLING, ENDED, RESUMED, RUNNING, WAITING } from "./phase.js";
import { SUSPENDED } from "./suspend.js";
import type { TaskRecord } from "./task-record.js";

/** Runs a task until it gives up its turn, or ends. */
export function advance(task: TaskRecord): void {
  for (;;) {
    let driven = task.iterator as OperationIterator<unknown>;
    let failed = false;
    let value: unknown;
    try {
      let result = driven.next();
      // Our own token without a wait or a block behind it was yielded by somebody who drives operations by hand.
      while (!result.done) {
        if (result.value === SUSPENDED) {
          if (task.phase === WAITING) return;
          if (task.phase === CALLING) break;
        }
        if (task.phase === RESUMED) task.phase = RUNNING;
        const isTaken = ambient.takeYield?.(task, result.value);
        driven = task.iterator as OperationIterator<unknown>;
        result = isTaken ? driven.next() : refuseYield(driven, result.value);
      }
      if (!result.done) {
        task.phase = RUNNING;
        continue;
      }
      ({ value } = result);
    } catch (error) {
      failed = true;
      value = error;
    }
    if (!task.leaveBlock(driven, failed, value)) return;
  }
}

/**
 * The same in the task's own async context, where there is one to be kept.
 *
 * @param ofRun the context of the run, for a task that was made before any was in use
 */
export function advanceIn(ofRun: AsyncContext, task: TaskRecord): void {
  task.context ??= ofRun.runInAsyncScope(captureContext) as AsyncContext;
  task.context.runInAsyncScope(advanceAndKeep, undefined, task);
}

// Where entering a store does not change the context itself, it has to be taken anew.
function advanceAndKeep(task: TaskRecord): void {
  advance(task);
  if (!contexts.keepsChanges && task.phase !== ENDED) task.context = captureContext();
}
