// One turn of a task: its innermost iterator is resumed, and where a block's body has ended, what is around it as well.
//
// `next` is the only method of a generator that is called; except that a generator that yields something foreign is told so
// by `throw`, unless the task has a handler for it (yield-handler.ts).
import { ambient } from "./ambient.js";
import { refuseYield } from "./foreign-yield.js";
import type { OperationIterator } from "./operation.js";
import { CALLING, RESUMED, RUNNING, WAITING } from "./phase.js";
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
