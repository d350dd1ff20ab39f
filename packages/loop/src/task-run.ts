// The inside of a task: its place in the async context, what it waits for, and a cancellation on its way.
//
// | the task         | it waits for                     | a cancellation                                         |
// | ---------------- | -------------------------------- | ------------------------------------------------------ |
// | is new           | its first step                   | is kept; the function is never called                  |
// | runs             | nothing                          | is kept, and cancels the next pending future it awaits |
// | waits            | futures                          | cancels them; is kept where none of them takes it      |
// | is about to wake | a future that is done            | is kept, and thrown instead of what the future has     |
// | is elsewhere     | a promise that is not the loop's | is kept, as when it runs                               |
// | has ended        | nothing                          | does nothing                                           |
import { cancellationIn } from "./cancellation-in.js";
import { makeCancelledError, type CancelledError } from "./cancelled-error.js";
import type { Place } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import { core, internals } from "./internals.js";
import type { TaskBook } from "./task-book.js";
import type { Task } from "./task.js";
import { WaitList, type Wait, type WaitOwner } from "./waits.js";

/** Knows what a task waits for, and cancels it. */
export class TaskRun implements Place, WaitOwner {
  readonly loop: EventLoop;
  readonly task: Task<unknown>;
  previous: TaskRun | undefined;
  next: TaskRun | undefined;
  /** Whether a cancellation is being offered to what the task waits for. */
  isOffering = false;
  /** Whether that cancellation came back: what the task waits for waits for the task. */
  cameBack = false;
  readonly #book: TaskBook;
  /** Made when the task first waits: many never do. */
  #waits: WaitList | undefined;
  #isAlive = true;
  #isStarted = false;
  #turn = 0;
  #mustCancel = false;
  #message: string | undefined;

  constructor(loop: EventLoop, task: Task<unknown>) {
    this.loop = loop;
    this.task = task;
    this.#book = loop[internals].tasks;
    this.#book.add(this);
  }

  get run(): this {
    return this;
  }

  get waits(): WaitList {
    return (this.#waits ??= new WaitList());
  }

  /** Whether the task has not ended. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Whether a cancellation is kept that no await has seen yet. */
  get isCancellationPending(): boolean {
    return this.#mustCancel;
  }

  /**
   * The task's function is called now.
   *
   * @param turn the scheduler's turn that this is
   */
  start(turn: number): void {
    this.#isStarted = true;
    this.#turn = turn;
    this.#book.wentElsewhere();
  }

  /** The function has returned: the task has a result, or is cancelled where a cancellation was on its way. */
  succeeded(value: unknown): void {
    if (!this.#isAlive) return;
    const cancelled = this.takeCancellation();
    this.end();
    if (cancelled === undefined) this.task[core].settle("succeeded", value, "end", this.#turn);
    else this.task[core].settle("cancelled", cancelled, "end", this.#turn);
  }

  /** The function has thrown: the task has failed, or was cancelled. */
  failed(error: unknown): void {
    if (!this.#isAlive) return;
    this.end();
    const cancelled = cancellationIn(error);
    if (cancelled === undefined) this.task[core].fail(error, this.#turn);
    else this.task[core].settle("cancelled", cancelled, "end", this.#turn);
  }

  /** Ends the task by force: it fails, whatever its function does. */
  abandon(error: unknown): void {
    this.end();
    this.task[core].abandon(error);
  }

  /** The task has ended. */
  end(): void {
    if (!this.#isAlive) return;
    const { isElsewhere } = this;
    this.#isAlive = false;
    this.#book.remove(this);
    if (isElsewhere) this.#book.cameBack();
    else if (this.#isWaiting()) this.#book.survived.add(this);
  }

  startWait(wait: Wait): void {
    if (!this.#isWaiting()) this.#book.cameBack();
    this.waits.add(wait);
    if (this.#mustCancel && wait.future.cancel(this.#message)) this.#mustCancel = false;
  }

  endWait(wait: Wait): void {
    this.waits.remove(wait);
    if (this.#isWaiting()) return;
    if (this.#isAlive) this.#book.wentElsewhere();
    else this.#book.survived.delete(this);
  }

  /** Cancels what the task waits for, or keeps the cancellation. */
  cancelWaits(message: string | undefined): void {
    let isTaken = false;
    this.#waits?.forEach((wait) => {
      if (wait.future.cancel(message)) isTaken = true;
    });
    if (isTaken) return;
    this.#mustCancel = true;
    this.#message = message;
  }

  takeCancellation(): CancelledError | undefined {
    if (!this.#mustCancel) return undefined;
    this.#mustCancel = false;
    return makeCancelledError(this.#message);
  }

  describeOwner(): string {
    return this.task.describe();
  }

  /** Whether the task waits for somebody else's promise. */
  get isElsewhere(): boolean {
    return this.#isStarted && this.#isAlive && !this.#isWaiting();
  }

  /**
   * Ends waits for what is not done with an error; gives whether there were any.
   *
   * @param which all of them, or only those that are not for the end of other tasks
   */
  breakOff(error: unknown, which: "all" | "leaves"): boolean {
    let any = false;
    this.#waits?.forEach((wait) => {
      if (wait.future.done() || (which === "leaves" && wait.future[core].isDerived)) return;
      any = true;
      wait.breakOff(error);
    });
    return any;
  }

  /** A line for a report: what the task waits for. */
  describe(): string {
    const found: string[] = [];
    this.#waits?.forEach((wait) => found.push(wait.future.describe()));
    if (found.length > 0) return `${this.task.describe()} waits for ${found.join(" and ")}`;
    return this.#isStarted
      ? `${this.task.describe()} waits for a promise that is not the event loop's`
      : `${this.task.describe()} has not started`;
  }

  // A method: V8 calls its runtime for a private getter.
  #isWaiting(): boolean {
    return this.#waits !== undefined && !this.#waits.isEmpty;
  }
}
