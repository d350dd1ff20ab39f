import { requireJob } from "./job-side.js";

/**
 * Calls back from a job into the thread that submitted it: functions that were given there by name, with `host: { log }`. Arguments
 * and results are copied. An error of the function comes out of the call, with class, code and both stacks.
 *
 * Source: Trio's `from_thread`. Flavor: either; in a job.
 *
 * @example
 * ```ts
 * import { fromThread } from "@trestle/executor/worker";
 *
 * export async function index(files: string[]): Promise<void> {
 *   for (const file of files) {
 *     const text = fromThread.runSync<string>("read", file);
 *     await fromThread.run("report", file, text.length);
 *   }
 * }
 * ```
 */
export const fromThread = {
  /**
   * Calls a function of the parent, and gives a promise of what that returns. Asynchronous code of this thread goes on meanwhile.
   *
   * @throws HostFunctionError where there is no function of that name; JobCancelledError where the job is cancelled meanwhile and
   * told so; UncloneableError; NoJobError, at the call
   */
  run<T = unknown>(name: string, ...args: readonly unknown[]): Promise<T> {
    return requireJob(`call '${name}'`).call(name, args) as Promise<T>;
  },

  /**
   * The same for code that is not asynchronous: the thread stands still until the answer is there, also where the function of the
   * parent is asynchronous.
   *
   * @throws like `run`, and each of it at the call
   */
  runSync<T = unknown>(name: string, ...args: readonly unknown[]): T {
    return requireJob(`call '${name}'`).callBlocking(name, args) as T;
  },
};
