// Work for a loop from code that no loop runs. What the caller gets is no Future: it may be awaited anywhere, also in another loop.
import type { EventLoop } from "./event-loop.js";
import { errorOf } from "./error-of.js";
import { core } from "./internals.js";
import { checkLoopFunction, type LoopFunction } from "./loop-function.js";
import type { TaskCall } from "./task-options.js";
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
  readonly #task: Task<T>;
  #promise: Promise<T> | undefined;

  /** @internal */
  constructor(task: Task<T>) {
    this.#task = task;
  }

  get [Symbol.toStringTag](): string {
    return "ThreadsafeCall";
  }

  /** Whether the task has ended. */
  done(): boolean {
    return this.#task.done();
  }

  /** Whether the task has ended as cancelled. */
  cancelled(): boolean {
    return this.#task.cancelled();
  }

  /**
   * Cancels the task; before it has started, it never runs. It is done when the task has ended.
   *
   * @param message goes into the CancelledError
   * @returns whether the task was asked: false where it has ended
   */
  cancel(message?: string): boolean {
    const task = this.#task;
    // What this sets off is the loop's, and no part of the code that cancels.
    return task.loop.enter(() => task.cancel(message));
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

  #follow(): Promise<T> {
    this.#promise ??= new Promise<T>((resolve, reject) => {
      const task = this.#task;
      const settle = (): void => {
        const failed = errorOf(task);
        if (failed === undefined) resolve(task.result());
        else reject(failed.error);
      };
      if (task.done()) settle();
      else task[core].whenDone(settle);
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
  const call: TaskCall<A, T> = [fn, ...args];
  checkLoopFunction(fn, "run a function in a loop");
  return new ThreadsafeCall(loop.createTask(...call));
}
