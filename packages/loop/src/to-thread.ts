import { requireLoop } from "./current.js";
import type { ExecutorWork } from "./executor-layer.js";
import type { Future } from "./future.js";

/**
 * Runs work in another thread, by the default executor of the running loop, and gives a future of what it returns.
 *
 * Threads of JavaScript share no functions, so the work is what the executor takes for one: a reference into a module, as
 * `moduleRef` of @trestle/executor makes it. How a job takes the cancellation of the future is the executor's matter.
 *
 * Source: asyncio. Flavor: loop.
 *
 * @param work what stands for the function
 * @param args for the function; they are copied into the thread
 * @throws what the work throws; NoLoopError; LayerMissingError, which says what to install, where the loop has no executor;
 * ExecutorShutDownError
 * @example
 * ```ts
 * import { run, toThread, type ExecutorWork } from "@trestle/loop";
 *
 * async function shrink(resize: ExecutorWork<[name: string], number>): Promise<void> {
 *   console.log(`${await toThread(resize, "photo.png")} bytes`);
 * }
 * ```
 */
export function toThread<A extends unknown[], T>(work: ExecutorWork<A, T>, ...args: A): Future<T> {
  return requireLoop("run work in a thread").runInExecutor(undefined, work, ...args);
}
