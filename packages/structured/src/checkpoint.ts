// Checkpoints are the operations that run most, so there is one object of each for all tasks and all times: whether a call
// of `next` is the first or the second is told by the task.
import { requireTask } from "./ambient.js";
import {
  refuseAwait,
  type Operation,
  type OperationIterator,
  type Suspended,
} from "./operation.js";
import { RESUMED, RUNNING } from "./phase.js";
import { RETURN_NOTHING, returning, SUSPEND } from "./suspend.js";
import { TaskBusyError } from "./task-busy-error.js";

class Checkpoint implements Operation<void>, OperationIterator<void> {
  [Symbol.iterator](): OperationIterator<void> {
    return this;
  }

  next(): IteratorResult<Suspended, void> {
    const task = requireTask("pass a checkpoint");
    if (task.isResumed()) {
      task.take();
      if (task.isCancelled) throw task.cancelled();
      return RETURN_NOTHING;
    }
    if (task.isCancelled) {
      task.yieldTurnCancelled();
      return SUSPEND;
    }
    if (task.runner.roundInPlace()) return RETURN_NOTHING;
    task.yieldTurn();
    return SUSPEND;
  }

  then(_resolve: unknown, reject?: (reason: unknown) => void): void {
    refuseAwait(reject);
  }
}

class CheckpointIfCancelled implements Operation<void>, OperationIterator<void> {
  [Symbol.iterator](): OperationIterator<void> {
    return this;
  }

  next(): IteratorResult<Suspended, void> {
    const task = requireTask("pass a checkpoint");
    if (task.isResumed()) return returning(task.take() as undefined);
    if (!task.isCancelled) return RETURN_NOTHING;
    task.yieldCancelled();
    return SUSPEND;
  }

  then(_resolve: unknown, reject?: (reason: unknown) => void): void {
    refuseAwait(reject);
  }
}

class ShieldedCheckpoint implements Operation<void>, OperationIterator<void> {
  [Symbol.iterator](): OperationIterator<void> {
    return this;
  }

  next(): IteratorResult<Suspended, void> {
    const task = requireTask("pass a checkpoint");
    if (task.phase === RESUMED) return returning(task.take() as undefined);
    if (task.phase !== RUNNING) throw new TaskBusyError(task.name);
    task.yieldTurn();
    return SUSPEND;
  }

  then(_resolve: unknown, reject?: (reason: unknown) => void): void {
    refuseAwait(reject);
  }
}

const always = /* @__PURE__ */ new Checkpoint();
const ifCancelled = /* @__PURE__ */ new CheckpointIfCancelled();
const shielded = /* @__PURE__ */ new ShieldedCheckpoint();

/**
 * Gives the other tasks a turn, then looks whether this one is cancelled. Put it into long computations.
 *
 * Waits for one round of the scheduler. Throws Cancelled where the task is cancelled by then. Source: Trio. Flavor:
 * structured.
 *
 * @example
 * ```ts
 * import { checkpoint, run } from "@trestle/structured";
 *
 * await run(function* () {
 *   for (let i = 0; i < 1000; i++) yield* checkpoint();
 * });
 * ```
 */
export function checkpoint(): Operation<void> {
  return always;
}

/**
 * Throws Cancelled where the task is cancelled, after one round of the scheduler; else returns at once, without giving
 * others a turn. A deadline that has passed without the scheduler having seen it is not noticed.
 *
 * Source: Trio. Flavor: structured.
 *
 * @example
 * ```ts
 * import { checkpointIfCancelled, run } from "@trestle/structured";
 *
 * await run(function* () {
 *   yield* checkpointIfCancelled();
 * });
 * ```
 */
export function checkpointIfCancelled(): Operation<void> {
  return ifCancelled;
}

/**
 * Gives the other tasks a turn, and does not look whether this one is cancelled.
 *
 * Waits for one round of the scheduler. Nothing cancels it, and it throws nothing. Source: Trio. Flavor: structured.
 *
 * @example
 * ```ts
 * import { cancelShieldedCheckpoint, run } from "@trestle/structured";
 *
 * await run(function* () {
 *   yield* cancelShieldedCheckpoint();
 * });
 * ```
 */
export function cancelShieldedCheckpoint(): Operation<void> {
  return shielded;
}
