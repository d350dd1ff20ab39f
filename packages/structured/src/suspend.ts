// The one place where a task gives up its turn, and the door for a Wait.
//
// An operation at the bottom is a plain iterator: its first `next` arms something and returns SUSPEND, which passes through
// every `yield*` up to the runner; its second `next`, when the runner resumes the task, takes what the task was woken with
// and returns or throws it right there, at the place that waits.
import { describe, InternalError, type Abort, type Outcome, type Wait } from "@trestle/host";
import { requireTask } from "./ambient.js";
import { refuseAwait, type Operation, type OperationIterator, type Suspended } from "./operation.js";
import type { Parked, TaskRecord } from "./task-record.js";

/** The token by which the runner knows its own. A symbol, so that copies of the package agree. */
export const SUSPENDED = Symbol.for("trestle.suspended") as unknown as Suspended;

/** What `next` of an operation returns to give up the turn. */
export const SUSPEND: IteratorYieldResult<Suspended> = { done: false, value: SUSPENDED };

const RETURN_NOTHING: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** What `next` of an operation returns to end with a value. */
export function returning<T>(value: T): IteratorReturnResult<T> {
  return value === undefined ? (RETURN_NOTHING as IteratorReturnResult<T>) : { done: true, value };
}

/**
 * Parks the task until the wait resumes it. This is the door for everything that one can wait for.
 *
 * Waits for the wait's outcome, and gives its value or throws its error. A cancellation is offered to the wait's abort, once:
 * withdrawn, the task gets Cancelled; committed, it goes on waiting for the outcome. Source: Trio's
 * `wait_task_rescheduled`. Flavor: structured.
 *
 * @param wait arms the thing; see the laws of Wait
 * @param what what is waited for, as a report of a deadlock shows it
 * @throws whatever the wait fails with; InternalError where the wait breaks its laws
 * @example
 * ```ts
 * import { success } from "@trestle/host";
 * import { run } from "@trestle/structured";
 * import { suspend } from "@trestle/structured/lowlevel";
 *
 * await run(() =>
 *   suspend<void>((resume) => {
 *     const timer = setTimeout(() => resume(success()), 10);
 *     return () => {
 *       clearTimeout(timer);
 *       return "withdrawn";
 *     };
 *   }, "ten milliseconds"),
 * );
 * ```
 */
export function suspend<T>(wait: Wait<T>, what: string): Operation<T> {
  return new Suspension(wait, what);
}

/** What one arming of a wait has come to: armed → resumed | withdrawn; committed is armed, without an abort to call. */
class Suspension<T> implements Operation<T>, OperationIterator<T>, Parked {
  readonly #wait: Wait<T>;
  readonly #what: string;
  #task: TaskRecord | undefined;
  #abort: Abort | undefined;

  constructor(wait: Wait<T>, what: string) {
    this.#wait = wait;
    this.#what = what;
  }

  [Symbol.iterator](): OperationIterator<T> {
    return this;
  }

  next(): IteratorResult<Suspended, T> {
    const task = requireTask(`wait for '${this.#what}'`);
    if (task.isResumed()) return returning(task.take() as T);
    this.#task = task;
    task.park(this);
    try {
      this.#abort = this.#wait((outcome) => this.#resume(outcome));
    } catch (error) {
      this.#task = undefined;
      task.unpark();
      throw error;
    }
    if (this.#task !== undefined) task.offerCancel();
    return SUSPEND;
  }

  withdraw(task: TaskRecord, cancelled: unknown): boolean {
    const abort = this.#abort as Abort;
    this.#abort = undefined;
    try {
      const abortion = abort(cancelled);
      // The abort may itself have resumed the task, which then has its outcome.
      if (this.#task === undefined || abortion === "committed") return false;
      if (abortion === "withdrawn") {
        this.#task = undefined;
        return true;
      }
      throw new InternalError(`its abort answered ${describe(abortion)}, not "withdrawn" or "committed"`);
    } catch (cause) {
      if (this.#task !== undefined) {
        this.#task = undefined;
        task.wakeWithError(new InternalError(`Cannot cancel '${this.#what}': its abort failed.`, { cause }));
      }
      return false;
    }
  }

  then(_resolve: unknown, reject?: (reason: unknown) => void): void {
    refuseAwait(reject);
  }

  toString(): string {
    return this.#what;
  }

  #resume(outcome: Outcome<T>): void {
    const task = this.#task;
    if (task === undefined) {
      throw new InternalError(`Cannot resume the wait for '${this.#what}': it has ended already.`);
    }
    this.#task = undefined;
    if (outcome.ok) task.wake(outcome.value);
    else task.wakeWithError(outcome.error);
  }
}
