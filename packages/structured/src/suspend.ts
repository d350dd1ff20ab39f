// The one place where a task gives up its turn, and the door for a Wait.
//
// An operation at the bottom is a plain iterator: its first `next` arms something and returns SUSPEND, which passes through
// every `yield*` up to the runner; its second `next`, when the runner resumes the task, takes what the task was woken with
// and returns or throws it right there, at the place that waits.
import {
  ArgumentError,
  describe,
  InternalError,
  type Abort,
  type Abortion,
  type Outcome,
  type Wait,
} from "@trestle/host";
import { ambient, requireTask } from "./ambient.js";
import {
  refuseAwait,
  type Operation,
  type OperationIterator,
  type Suspended,
} from "./operation.js";
import type { Parked } from "./task-parties.js";
import type { TaskRecord } from "./task-record.js";

/** The token by which the runner knows its own. A symbol, so that copies of the package agree. */
export const SUSPENDED = Symbol.for("trestle.suspended") as unknown as Suspended;

/** What `next` of an operation returns to give up the turn. */
export const SUSPEND: IteratorYieldResult<Suspended> = { done: false, value: SUSPENDED };

/** What `next` of an operation returns to end without a value. */
export const RETURN_NOTHING: IteratorReturnResult<undefined> = { done: true, value: undefined };

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
 * @param wait arms the thing, or has a method `arm` that does; see the laws of Wait
 * @param what what is waited for, as a report of a deadlock shows it
 * @throws ArgumentError for what is neither; whatever the wait fails with; InternalError where the wait breaks its laws
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
export function suspend<T>(wait: Wait<T> | WaitSource<T>, what: string): Operation<T> {
  if (typeof wait !== "function" && typeof wait?.arm !== "function")
    throw new ArgumentError(`Cannot wait by ${describe(wait)}: a Wait is a function.`);
  return new Suspension(wait, what);
}

/** A Wait in the form of objects, under the same laws: for what is waited for so often that functions cost too much. */
export interface WaitSource<T> {
  /** Arms a wait, which resumes the waiter once; it may do so before this returns. */
  arm(waiter: Waiter<T>): ArmedWait;
}

/** The one who waits. */
export interface Waiter<T> {
  resume(outcome: Outcome<T>): void;
}

/** A wait that was armed. */
export interface ArmedWait {
  abort(cancelled: unknown): Abortion;
}

/**
 * One run of a wait. `#task` is set from before the arming until the wait has ended:
 *
 *   arming ── the wait gave its abort ──▶ armed ──▶ resumed | withdrawn; committed is armed, without an abort to call
 *
 * The task is parked once armed: what cancels it while it arms, or resumes it, takes effect then.
 */
class Suspension<T> implements Operation<T>, OperationIterator<T>, Parked, Waiter<T> {
  readonly #wait: Wait<T> | WaitSource<T>;
  readonly #what: string;
  #used = false;
  #task: TaskRecord | undefined;
  #abort: Abort | ArmedWait | undefined;
  /** What a wait has resumed with while it was armed. */
  #early: Outcome<T> | undefined;

  constructor(wait: Wait<T> | WaitSource<T>, what: string) {
    this.#wait = wait;
    this.#what = what;
  }

  [Symbol.iterator](): OperationIterator<T> {
    // Each run has its own resume, so that a late one does not reach the next run.
    if (this.#used) return new Suspension(this.#wait, this.#what)[Symbol.iterator]();
    this.#used = true;
    return this;
  }

  next(): IteratorResult<Suspended, T> {
    const task = ambient.task ?? requireTask(`wait for '${this.#what}'`);
    if (task.isResumed()) return returning(task.take() as T);
    this.#task = task;
    try {
      const wait = this.#wait;
      this.#abort =
        typeof wait === "function" ? wait((outcome) => this.resume(outcome)) : wait.arm(this);
    } catch (error) {
      this.#task = undefined;
      throw error;
    }
    task.park(this);
    if (this.#early === undefined) task.offerCancel();
    else this.#end(task, this.#early);
    return SUSPEND;
  }

  withdraw(task: TaskRecord, cancelled: unknown): boolean {
    const abort = this.#abort as Abort | ArmedWait;
    this.#abort = undefined;
    try {
      const abortion = typeof abort === "function" ? abort(cancelled) : abort.abort(cancelled);
      // The abort may itself have resumed the task, which then has its outcome.
      if (this.#task === undefined || abortion === "committed") return false;
      if (abortion === "withdrawn") {
        this.#task = undefined;
        return true;
      }
      throw new InternalError(
        `its abort answered ${describe(abortion)}, not "withdrawn" or "committed"`,
      );
    } catch (cause) {
      if (this.#task !== undefined) {
        this.#task = undefined;
        task.wakeWithError(
          new InternalError(`Cannot cancel '${this.#what}': its abort failed.`, { cause }),
        );
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

  resume(outcome: Outcome<T>): void {
    const task = this.#task;
    if (task === undefined || this.#early !== undefined) {
      throw new InternalError(`Cannot resume the wait for '${this.#what}': it has ended already.`);
    }
    if (task.parked === this) this.#end(task, outcome);
    else this.#early = outcome;
  }

  #end(task: TaskRecord, outcome: Outcome<T>): void {
    this.#task = undefined;
    if (outcome.ok) task.wake(outcome.value);
    else task.wakeWithError(outcome.error);
  }
}
