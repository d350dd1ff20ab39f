// One operation for everything that is acquired, received or awaited in a queue: try, else stand in line.
//
// The pattern is Trio's, and gives what users rely on: Cancelled means that nothing happened, a normal return means that
// the task has passed a checkpoint, and what is handed over belongs to the waiter before it runs, so nobody can steal it.
import { ambient, requireTask } from "../ambient.js";
import type { Linked } from "../linked-list.js";
import {
  refuseAwait,
  type Operation,
  type OperationIterator,
  type Suspended,
} from "../operation.js";
import { returning, SUSPEND } from "../suspend.js";
import type { Parked } from "../task-parties.js";
import type { TaskRecord } from "../task-record.js";

/** What one can wait at. */
export interface Waitable<T, S> {
  /** What is waited for, for errors and reports: "a lock that task 'a' holds". */
  awaited(waiter: Waiter<T, S>): string;
  /** Does it now and answers true, with `waiter.result` set where there is one; or queues the waiter and answers false. */
  attempt(waiter: Waiter<T, S>): boolean;
  /** Whether it is too late for a cancellation to take the waiter out of the line. Unless given, it never is. */
  isCommitted?(waiter: Waiter<T, S>): boolean;
}

/** Where waiters stand: a linked list, perhaps of waiters for several things. */
interface Line<N> {
  push(node: N): void;
  remove(node: N): void;
}

/** A task's operation at a waitable; `subject` is what it is about: a value to send, a borrower. */
export class Waiter<T, S = undefined>
  implements Operation<T>, OperationIterator<T>, Parked, Linked<Waiter<T, S>>
{
  before: Waiter<T, S> | null = null;
  after: Waiter<T, S> | null = null;
  readonly subject: S;
  result: T | undefined = undefined;
  /** What the task waits at. */
  readonly source: Waitable<T, S>;
  #used = false;
  /** The task that runs the operation. */
  task!: TaskRecord;
  #queue: Line<Waiter<T, S>> | undefined = undefined;

  constructor(source: Waitable<T, S>, subject: S) {
    this.source = source;
    this.subject = subject;
  }

  [Symbol.iterator](): OperationIterator<T> {
    // One that waits stands in a list by its own links; a second run of the same operation needs its own.
    if (this.#used) return new Waiter(this.source, this.subject);
    this.#used = true;
    return this;
  }

  next(): IteratorResult<Suspended, T> {
    const task = ambient.task ?? requireTask(`wait for ${this.source.awaited(this)}`);
    if (task.isResumed()) return returning(task.take() as T);
    if (task.isCancelled) {
      task.yieldCancelled();
      return SUSPEND;
    }
    this.task = task;
    if (this.source.attempt(this)) task.yieldTurn(this.result);
    else task.park(this);
    return SUSPEND;
  }

  /** Stands in line. */
  enqueue(queue: Line<Waiter<T, S>>): false {
    this.#queue = queue;
    queue.push(this);
    return false;
  }

  /** Goes to the end of another line, still waiting. */
  moveTo(queue: Line<Waiter<T, S>>): void {
    this.#leaveQueue();
    this.enqueue(queue);
  }

  /** Leaves the line with what was waited for. */
  succeed(value: T): void {
    this.#leaveQueue();
    this.task.wake(value);
  }

  /** Leaves the line with an error. */
  fail(error: unknown): void {
    this.#leaveQueue();
    this.task.wakeWithError(error);
  }

  withdraw(): boolean {
    if (this.source.isCommitted?.(this)) return false;
    this.#leaveQueue();
    return true;
  }

  #leaveQueue(): void {
    this.#queue?.remove(this);
    this.#queue = undefined;
  }

  then(_resolve: unknown, reject?: (reason: unknown) => void): void {
    refuseAwait(reject);
  }

  toString(): string {
    return this.source.awaited(this);
  }
}
