import { TrestleError } from "@trestle/host";
import { requireTask } from "./ambient.js";
import { isCancelled } from "./cancelled.js";
import {
  refuseAwait,
  type Operation,
  type OperationIterator,
  type Suspended,
} from "./operation.js";
import { returning, SUSPEND } from "./suspend.js";
import { ENDED } from "./phase.js";
import type { EndWatcher, Parked } from "./task-parties.js";
import type { TaskRecord } from "./task-record.js";

/** A task that was joined had been cancelled, so it has no value. */
export class TaskCancelledError extends TrestleError {
  static override readonly code = "TRESTLE_TASK_CANCELLED";

  constructor(name: string, cause: unknown) {
    super(
      "TaskCancelledError",
      new.target.code,
      `Cannot give the value of task '${name}': it was cancelled.\nLook at 'task.outcome' where that is expected.`,
      { cause },
    );
  }
}

/** A task waited for its own end. */
export class SelfJoinError extends TrestleError {
  static override readonly code = "TRESTLE_SELF_JOIN";

  constructor(name: string) {
    super(
      "SelfJoinError",
      new.target.code,
      `Cannot join task '${name}' in itself: it would wait for ever.`,
    );
  }
}

/** Waits for the end of a task. */
export class Join<T> implements Operation<T>, OperationIterator<T>, Parked, EndWatcher {
  before: EndWatcher | null = null;
  after: EndWatcher | null = null;
  readonly #target: TaskRecord;
  #used = false;
  #joiner: TaskRecord | undefined;

  constructor(target: TaskRecord) {
    this.#target = target;
  }

  [Symbol.iterator](): OperationIterator<T> {
    // A join stands in a list by its own links; a second run of the same operation is a join of its own.
    if (this.#used) return new Join(this.#target);
    this.#used = true;
    return this;
  }

  next(): IteratorResult<Suspended, T> {
    const task = requireTask("join a task");
    const target = this.#target;
    if (task.isResumed()) {
      task.take();
      return returning(valueOf(target) as T);
    }
    if (task === target) throw new SelfJoinError(target.name);
    if (task.isCancelled) task.yieldCancelled();
    else if (target.phase === ENDED) task.yieldTurn();
    else {
      this.#joiner = task;
      target.watch(this);
      task.park(this);
    }
    return SUSPEND;
  }

  taskEnded(): void {
    this.#joiner?.wake(undefined);
  }

  withdraw(): boolean {
    this.#target.unwatch(this);
    return true;
  }

  then(_resolve: unknown, reject?: (reason: unknown) => void): void {
    refuseAwait(reject);
  }

  toString(): string {
    return `the end of task '${this.#target.name}'`;
  }
}

function valueOf(target: TaskRecord): unknown {
  const { hasFailed, ending } = target;
  if (!hasFailed) return ending;
  if (isCancelled(ending)) throw new TaskCancelledError(target.name, ending);
  throw ending;
}
