import { CancelledError, makeCancelledError } from "./cancelled-error.js";
import type { EventLoop } from "./event-loop.js";
import { FirstStep } from "./first-step.js";
import { Future } from "./future.js";
import { core, internals } from "./internals.js";
import { InvalidStateError } from "./invalid-state-error.js";
import { checkLoopFunction, type LoopFunction } from "./loop-function.js";
import { offerCancellation } from "./offer-cancellation.js";
import { TaskRun } from "./task-run.js";

/**
 * An async function that the loop runs, as a future of what it returns. `createTask` makes it; it starts in the loop's next
 * iteration, in the async context of whoever made it.
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
  /** For reports and debugging; the function's name, until somebody sets it. */
  name: string;
  readonly #run: TaskRun;
  #cancelling = 0;
  #controller: AbortController | undefined;

  /** @throws LoopClosedError; WrongFlavorError for a function of the structured flavor, or none */
  constructor(loop: EventLoop, fn: LoopFunction<unknown[], T>, args: unknown[]) {
    checkLoopFunction(fn, "create a task");
    super({ loop });
    this[core].isDerived = true;
    this.name = fn.name || loop[internals].tasks.nextName();
    this.#run = new TaskRun(loop, this);
    const ending = {
      succeeded: (value: unknown) => this.#succeeded(value),
      failed: (error: unknown) => this.#failed(error),
    };
    loop[internals].scheduler.enqueue(new FirstStep(this.#run, fn, args, ending));
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

  #succeeded(value: unknown): void {
    if (this.done()) return;
    const cancelled = this.#run.takeCancellation();
    this.#run.end();
    if (cancelled === undefined) super.setResult(value as T);
    else this.endCancelled(cancelled);
  }

  #failed(error: unknown): void {
    if (this.done()) return;
    this.#run.end();
    if (error instanceof CancelledError) this.endCancelled(error);
    else super.setException(error);
  }
}
