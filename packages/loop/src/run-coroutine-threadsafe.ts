// Work for a loop from code that no loop runs. What the caller gets is no Future: it may be awaited anywhere, also in another loop.
import type { EventLoop } from "./event-loop.js";
import { errorOf } from "./error-of.js";
import { core } from "./internals.js";
import { checkLoopFunction, type LoopFunction } from "./loop-function.js";
import type { Task } from "./task.js";
import type { Handler } from "./waiter.js";

/**
 * A task that runs in a loop, seen from outside of it: a promise that can be cancelled. A failure that nobody awaits goes to the
 * loop's exception handler, as that of any task.
 *
 * Source: the `concurrent.futures.Future` that asyncio gives here. Flavor: either.
 * @example
 * ```ts
 * import { getRunningLoop, run, runCoroutineThreadsafe, sleep } from "@trestle/loop";
 *
 * await run(async () => {
 *   const call = runCoroutineThreadsafe(() => sleep(60_000), getRunningLoop());
 *   call.cancel();
 * });
 * ```
 */
export class ThreadsafeCall<T> implements Promise<T> {
  readonly #loop: EventLoop;
  #task: Task<T> | undefined;
  #cancelled: { readonly message: string | undefined } | undefined;
  #isDone = false;
  #promise: Promise<T> | undefined;
  #settle: (() => void) | undefined;

  /** @internal */
  constructor(loop: EventLoop, fn: LoopFunction<never[], T>, args: unknown[]) {
    this.#loop = loop;
    loop.callSoon(() => {
      this.#task = loop.createTask(fn as LoopFunction<unknown[], T>, ...args);
      this.#task[core].whenDone(this.#ended);
      if (this.#cancelled !== undefined) this.#task.cancel(this.#cancelled.message);
    });
  }

  get [Symbol.toStringTag](): string {
    return "ThreadsafeCall";
  }

  /** Whether the task has ended. */
  done(): boolean {
    return this.#isDone;
  }

  /** Whether the task has ended as cancelled. */
  cancelled(): boolean {
    return this.#isDone && this.#task?.cancelled() === true;
  }

  /**
   * Cancels the task, in the loop's next iteration. It is done when the task has ended.
   *
   * @param message goes into the CancelledError
   * @returns whether the task was asked: false where it has ended
   */
  cancel(message?: string): boolean {
    if (this.#isDone) return false;
    const task = this.#task;
    if (task === undefined) this.#cancelled ??= { message };
    else this.#loop.callSoon(() => task.cancel(message));
    return true;
  }

  then<R1 = T, R2 = never>(
    onFulfilled?: Handler<T, R1>,
    onRejected?: Handler<unknown, R2>,
  ): Promise<R1 | R2> {
    return this.#follow().then(onFulfilled, onRejected);
  }

  catch<R = never>(onRejected?: Handler<unknown, R>): Promise<T | R> {
    return this.#follow().catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.#follow().finally(onFinally);
  }

  readonly #ended = (): void => {
    this.#isDone = true;
    this.#settle?.();
  };

  #follow(): Promise<T> {
    this.#promise ??= new Promise<T>((resolve, reject) => {
      this.#settle = () => {
        const task = this.#task as Task<T>;
        const failed = errorOf(task);
        if (failed === undefined) resolve(task.result());
        else reject(failed.error);
      };
      if (this.#isDone) this.#settle();
    });
    return this.#promise;
  }
}

/**
 * Runs an async function as a task of a loop, for code that is not in that loop: a listener of an emitter, a request handler of
 * another library, a task of another loop. What it gives may be awaited there.
 *
 * It is for code of the loop's own thread: JavaScript cannot reach the loop of another. A job of an executor calls back by what
 * its executor has for that.
 *
 * Source: asyncio; functions stand for its coroutines. Flavor: either. It waits for nothing.
 *
 * @param fn called in a task, with the arguments, once the loop runs
 * @throws LoopClosedError; WrongFlavorError for a function of the structured flavor, or none
 * @example
 * ```ts
 * import { EventEmitter } from "node:events";
 * import { getRunningLoop, run, runCoroutineThreadsafe, sleep } from "@trestle/loop";
 *
 * const emitter = new EventEmitter();
 * await run(async () => {
 *   const loop = getRunningLoop();
 *   emitter.on("order", async (name: string) => {
 *     await runCoroutineThreadsafe(() => sleep(10), loop);
 *     console.log(`${name} is done`);
 *   });
 *   await sleep(1000);
 * });
 * ```
 */
export function runCoroutineThreadsafe<A extends unknown[], T>(
  fn: LoopFunction<A, T>,
  loop: EventLoop,
  ...args: A
): ThreadsafeCall<T> {
  checkLoopFunction(fn, "run a function in a loop");
  return new ThreadsafeCall(loop, fn as LoopFunction<never[], T>, args);
}
