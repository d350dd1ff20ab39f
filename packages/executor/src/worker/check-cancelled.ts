import { requireJob } from "./job-side.js";

/**
 * Ends the job where it was cancelled: throws, and is to be let pass. Busy code calls it now and then. Once it has thrown it does so
 * each time.
 *
 * Source: Trio's `from_thread.check_cancelled`. Flavor: either; in a job. It waits for nothing, and costs some nanoseconds.
 *
 * @throws JobCancelledError; NoJobError outside of a job
 * @example
 * ```ts
 * import { checkCancelled } from "@trestle/executor/worker";
 *
 * export function sum(numbers: Float64Array): number {
 *   let total = 0;
 *   for (const [at, number] of numbers.entries()) {
 *     if (at % 1000 === 0) checkCancelled();
 *     total += number;
 *   }
 *   return total;
 * }
 * ```
 */
export function checkCancelled(): void {
  requireJob("look for a cancellation").checkCancelled();
}
