import { makeCancelledError } from "./cancelled-error.js";
import { keepContext } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import { FirstStep } from "./first-step.js";
import { Future } from "./future.js";
import { core, internals } from "./internals.js";
import { InvalidStateError } from "./invalid-state-error.js";
import { LoopClosedError } from "./loop-closed-error.js";
import { checkLoopFunction, type LoopFunction } from "./loop-function.js";
import { offerCancellation } from "./offer-cancellation.js";
import type { TaskOptions } from "./task-options.js";
import { TaskRun } from "./task-run.js";
import { stackOf } from "./task-stack.js";

/** For a task that begins outside of the scheduler's turns. */
const NO_TURN = -1;

/**
 * An async function that the loop runs, as a future of what it returns. `createTask` makes it; it starts in the loop's next
 * iteration, in the async context of whoever made it. A task factory may make tasks of a class that extends this one.
 *
 * Source: asyncio; `signal` is ours. Flavor: loop.
 *
 * @example
 * ```ts
 * import { createTask, run, sleep } from "@trestle/loop";
 *
 * await run(async () => {
 *   const task = createTask(async () => {
 *     await sleep(1000);
 *   });
 *   await sleep(10);
 *   task.cancel("enough");
 * });
 * ```
 */
export class Task<T> extends Future<T> {
  readonly #run: TaskRun;
  readonly #number: number;
  readonly #label: { readonly name: string };
  /** Made when somebody asks: to read the name of a function costs as much as to call it. */
  #name: string | undefined;
  #cancelling = 0;
  #controller: AbortController | undefined;

  /** @throws LoopClosedError; WrongFlavorError for a function of the structured flavor, or none */
  constructor(
    loop: EventLoop,
    fn: LoopFunction<unknown[], T>,
    args: unknown[],
    options: TaskOptions = {},
  ) {
    checkLoopFunction(fn, "create a task");
    if (loop.isClosed()) throw new LoopClosedError("create a task");
    const { scheduler, tasks, place } = loop[internals];
    // It has the loop, which is the one option wanted.
    super(place);
    this[core].isDerived = true;
    this.#name = options.name;
    this.#label = fn;
    this.#number = tasks.nextNumber();
    this.#run = new TaskRun(loop, this);
    const first = new FirstStep(this.#run, fn, args, options.context ?? keepContext());
    if (options.eagerStart === true && scheduler.isRunning) {
      first.begin(NO_TURN);
      scheduler.poke();
    } else {
      scheduler.enqueue(first);
    }
  }

  /** For reports and debugging; the function's name, until somebody sets it. Where that has none, a number. */
  get name(): string {
    return (this.#name ??= this.#label.name || `task-${this.#number}`);
  }

  set name(name: string) {
    this.#name = name;
  }

  /** Gives `name`. */
  getName(): string {
    return this.name;
  }

  /** Sets `name`. */
  setName(name: string): void {
    this.name = name;
  }

  override describe(): string {
    return `task '${this.name}'`;
  }

  /**
   * Cancels the task: what it awaits is cancelled, and throws CancelledError into the task. Where it awaits a promise that is
   * not the loop's it cannot be interrupted: `signal` fires, and the error comes at the next pending future that it awaits.
   *
   * The error comes once for each call. A task may clean up, or catch it and go on; it counts as cancelled when it ends with a
   * CancelledError.
   *
   * @param message goes into the CancelledError
   * @returns whether the task was asked: false where it is done
   */
  override cancel(message?: string): boolean {
    if (this.done()) return false;
    this.#cancelling++;
    offerCancellation(this.#run, message);
    this.#controller?.abort(makeCancelledError(message));
    return true;
  }

  /** How often the task was asked to end, less the requests that were taken back. */
  cancelling(): number {
    return this.#cancelling;
  }

  /** Takes one request back, which whoever made it does once it is met; gives how many are left. */
  uncancel(): number {
    if (this.#cancelling > 0) this.#cancelling--;
    return this.#cancelling;
  }

  /**
   * Fires at the task's next cancellation, with its CancelledError as the reason: for `fetch` and the like. After a
   * cancellation was thrown into the task, a fresh one is given.
   */
  get signal(): AbortSignal {
    const isWanted = this.#run.isCancellationPending;
    if (this.#controller === undefined || (this.#controller.signal.aborted && !isWanted)) {
      this.#controller = new AbortController();
      if (isWanted) this.#controller.abort(makeCancelledError(undefined));
    }
    return this.#controller.signal;
  }

  /**
   * A text for people: what the task waits for, and in debug mode where, and where it was made. Of a task that has failed the
   * stack of its error; nothing of any other that is done.
   */
  get stack(): string {
    return stackOf(this, this.#run);
  }

  /** Prints `stack` on stderr. */
  printStack(): void {
    // oxlint-disable-next-line no-console -- that is what it is for
    console.error(this.stack);
  }

  /** A task's result is what its function returns. */
  override setResult(): never {
    throw new InvalidStateError(
      `Cannot set the result of ${this.describe()}: its function does.\nReturn the value there.`,
    );
  }

  /** A task's error is what its function throws. */
  override setException(): never {
    throw new InvalidStateError(
      `Cannot set the exception of ${this.describe()}: its function does.\nThrow the error there.`,
    );
  }
}
