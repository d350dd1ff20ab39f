// The inside of a task: its place in the async context, its first step, what it waits for, and a cancellation on its way.
//
// | the task        | it waits for                   | a cancellation                                             |
// | --------------- | ------------------------------ | ---------------------------------------------------------- |
// | is new          | its first step                 | is kept; the function is never called                      |
// | runs            | nothing                        | is kept, and cancels the next pending future it awaits     |
// | waits           | futures                        | cancels them; is kept where none of them takes it          |
// | is about to wake| a future that is done          | is kept, and thrown instead of what the future has         |
// | is elsewhere    | a promise that is not the loop's | is kept, as when it runs                                 |
// | has ended       | nothing                        | does nothing                                               |
import { makeCancelledError, type CancelledError } from "./cancelled-error.js";
import { captureAt, runIn, type Context, type Place } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import { internals } from "./internals.js";
import { isOperation, returnedOperation, type LoopFunction } from "./loop-function.js";
import type { Ready } from "./ready.js";
import type { TaskBook } from "./task-book.js";
import type { Task } from "./task.js";
import { WaitList, type Wait, type WaitOwner } from "./waits.js";

/** What a task does when its function has ended. */
export interface TaskEnding {
  readonly succeeded: (value: unknown) => void;
  readonly failed: (error: unknown) => void;
}

/** Runs a task's function, and knows what it waits for. */
export class TaskRun implements Place, Ready, WaitOwner {
  readonly loop: EventLoop;
  readonly task: Task<unknown>;
  readonly run = this;
  readonly withdrawn = false;
  previous: TaskRun | undefined;
  next: TaskRun | undefined;
  /** Whether a cancellation is being offered to what the task waits for. */
  isOffering = false;
  /** Whether that cancellation came back: what the task waits for waits for the task. */
  cameBack = false;
  readonly #book: TaskBook;
  readonly #fn: LoopFunction<unknown[], unknown>;
  readonly #args: unknown[];
  readonly #ending: TaskEnding;
  readonly #context: Context;
  readonly #waits = new WaitList();
  #isAlive = true;
  #isStarted = false;
  #isElsewhere = false;
  #mustCancel = false;
  #message: string | undefined;

  constructor(loop: EventLoop, task: Task<unknown>, work: [LoopFunction<unknown[], unknown>, unknown[]], ending: TaskEnding) {
    this.loop = loop;
    this.task = task;
    [this.#fn, this.#args] = work;
    this.#ending = ending;
    this.#context = captureAt(this);
    this.#book = loop[internals].tasks;
    this.#book.add(this);
    loop[internals].scheduler.enqueue(this);
  }

  /** The first step: calls the function. All others are those of its awaits. */
  step(): void {
    if (!this.#isAlive) return;
    const cancelled = this.takeCancellation();
    if (cancelled !== undefined) {
      this.#ending.failed(cancelled);
      return;
    }
    this.#isStarted = true;
    this.#locate();
    let returned: unknown;
    try {
      returned = runIn(this.#context, this.#fn, this.#args);
    } catch (error) {
      this.#ending.failed(error);
      return;
    }
    this.#follow(returned);
  }

  #follow(returned: unknown): void {
    const { succeeded, failed } = this.#ending;
    if (returned instanceof Promise) {
      returned.then(succeeded, failed);
    } else if (isThenable(returned)) {
      // In the task's context: what it returned is awaited by it.
      runIn(this.#context, resolve, [returned]).then(succeeded, failed);
    } else if (isOperation(returned)) {
      failed(returnedOperation(`run task '${this.task.name}'`, this.#fn));
    } else {
      succeeded(returned);
    }
  }

  /** The task has ended. */
  end(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#locate();
    this.#book.remove(this);
    if (!this.#waits.isEmpty) this.#book.survived.add(this);
  }

  get waits(): WaitList {
    return this.#waits;
  }

  startWait(wait: Wait): void {
    this.#waits.add(wait);
    if (this.#isElsewhere) this.#locate();
    if (this.#mustCancel && wait.future.cancel(this.#message)) this.#mustCancel = false;
  }

  endWait(wait: Wait): void {
    this.#waits.remove(wait);
    if (this.#waits.isEmpty) {
      if (this.#isAlive) this.#locate();
      else this.#book.survived.delete(this);
    }
  }

  /** Cancels what the task waits for, or keeps the cancellation. */
  cancelWaits(message: string | undefined): void {
    let isTaken = false;
    this.#waits.forEach((wait) => {
      if (wait.future.cancel(message)) isTaken = true;
    });
    if (isTaken) return;
    this.#mustCancel = true;
    this.#message = message;
  }

  /** Whether a cancellation is kept that no await has seen yet. */
  get isCancellationPending(): boolean {
    return this.#mustCancel;
  }

  takeCancellation(): CancelledError | undefined {
    if (!this.#mustCancel) return undefined;
    this.#mustCancel = false;
    return makeCancelledError(this.#message);
  }

  /** Ends all waits for what is not done with an error; gives whether there were any. */
  breakOff(error: unknown): boolean {
    let any = false;
    this.#waits.forEach((wait) => {
      if (wait.future.done()) return;
      any = true;
      wait.breakOff(error);
    });
    return any;
  }

  /** A line for a report: what the task waits for. */
  describe(): string {
    const found: string[] = [];
    this.#waits.forEach((wait) => found.push(wait.future.describe()));
    if (found.length > 0) return `${this.task.describe()} waits for ${found.join(" and ")}`;
    return this.#isStarted
      ? `${this.task.describe()} waits for a promise that is not the event loop's`
      : `${this.task.describe()} has not started`;
  }

  #locate(): void {
    const isElsewhere = this.#isStarted && this.#isAlive && this.#waits.isEmpty;
    if (isElsewhere === this.#isElsewhere) return;
    this.#isElsewhere = isElsewhere;
    if (isElsewhere) this.#book.wentElsewhere();
    else this.#book.cameBack();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}

function resolve(value: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(value);
}
