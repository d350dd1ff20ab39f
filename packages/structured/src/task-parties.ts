// Those who have to do with a task: who has it, what it waits at, what it is in, and who waits for it.
import type { CancelNode } from "./cancel-node.js";
import type { Cancelled } from "./cancelled.js";
import type { Linked } from "./linked-list.js";
import type { OperationIterator } from "./operation.js";
import type { TaskRecord } from "./task-record.js";

/** What a task is parked at. */
export interface Parked {
  /** Takes the task out, and answers true; or answers false, and wakes the task when it is done. */
  withdraw(task: TaskRecord, cancelled: Cancelled): boolean;
  /** What the task waits for, for reports. */
  toString(): string;
}

/** A block that the task is in. */
export interface OpenBlock {
  /** What was innermost when the block was entered, and is again when its body has ended. */
  outerIterator: OperationIterator<unknown> | undefined;
  outerBlock: OpenBlock | null;
  bodyEnded(failed: boolean, value: unknown): void;
}

/** Somebody who is told, once, that a task has ended: a join, a lock that the task holds. */
export interface EndWatcher extends Linked<EndWatcher> {
  taskEnded(task: TaskRecord): void;
}

/** Who has the task: a nursery, or the run for its main task. */
export interface TaskOwner {
  /** The node that its tasks start in. */
  readonly node: CancelNode;
  /** The owner that they will move to when they report that they have started. */
  readonly target?: TaskOwner | undefined;
  childExited(task: TaskRecord): void;
}
