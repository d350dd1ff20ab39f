import type { Job } from "./job.js";

/**
 * Submits a job for each call, and gives their results in the order of the calls: what an executor's `map` does. Leaving the
 * iteration cancels the jobs that are left; and where a call is refused, those before it are.
 *
 * Source: Python's `Executor.map`. Flavor: either.
 *
 * @throws at the call what `submit` throws; in the iteration what the first failing job throws, in that order
 * @example
 * ```ts no-run
 * import { mapJobs, moduleRef, ThreadExecutor } from "@trestle/executor";
 *
 * const zlib = moduleRef(() => import("node:zlib"), import.meta);
 * await using executor = new ThreadExecutor();
 * const pack = (text: string) => executor.submit(zlib.gzipSync, [text], { onCancel: "abandon" });
 * for await (const packed of mapJobs(["one", "two"], pack)) console.log(packed.length);
 * ```
 */
export function mapJobs<C, T>(
  calls: Iterable<C>,
  submit: (call: C) => Job<T>,
): AsyncGenerator<T, void, void> {
  const jobs: Job<T>[] = [];
  try {
    for (const call of calls) jobs.push(submit(call));
  } catch (error) {
    cancelAll(jobs, "a later call was refused");
    throw error;
  }
  return resultsOf(jobs);
}

async function* resultsOf<T>(jobs: readonly Job<T>[]): AsyncGenerator<T, void, void> {
  let next = 0;
  try {
    for (; next < jobs.length; next++) yield await (jobs[next] as Job<T>);
  } finally {
    cancelAll(jobs.slice(next), "the iteration over the results was left");
  }
}

function cancelAll(jobs: readonly Job<unknown>[], reason: string): void {
  for (const job of jobs) job.cancel(reason);
}
