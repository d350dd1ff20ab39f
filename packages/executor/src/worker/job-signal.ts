import { requireJob } from "./job-side.js";

/**
 * Gives the signal that fires when the job is cancelled, for asynchronous code in the job. It fires where the job's `onCancel` has it
 * told: for `"cooperative"`, and before a thread is terminated. What it makes fail may leave the job: that ends as cancelled.
 *
 * Source: ours. Flavor: loop; in a job. It waits for nothing.
 *
 * @throws NoJobError outside of a job
 * @example
 * ```ts
 * import { jobSignal } from "@trestle/executor/worker";
 *
 * export async function load(url: string): Promise<string> {
 *   return (await fetch(url, { signal: jobSignal() })).text();
 * }
 * ```
 */
export function jobSignal(): AbortSignal {
  return requireJob("give the job's signal").signal;
}
