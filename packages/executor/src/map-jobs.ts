import type { Job } from "./job.js";

/**
 * Gives the results of jobs in their order; what an executor's `map` does with the jobs that it has submitted. Leaving the
 * iteration cancels those that are left.
 *
 * Source: Python's `Executor.map`. Flavor: either.
 *
 * @throws what the first failing job throws, in that order
 * @example
 * ```ts no-run
 * import { mapJobs, moduleRef, ThreadExecutor } from "@trestle/executor";
 *
 * const zlib = moduleRef(() => import("node:zlib"), import.meta);
 * await using executor = new ThreadExecutor();
 * const jobs = ["one", "two"].map((text) => executor.submit(zlib.gzipSync, [text]));
 * for await (const packed of mapJobs(jobs)) console.log(packed.length);
 * ```
 */
export async function* mapJobs<T>(jobs: readonly Job<T>[]): AsyncGenerator<T, void, void> {
  let next = 0;
  try {
    for (; next < jobs.length; next++) yield await (jobs[next] as Job<T>);
  } finally {
    for (const job of jobs.slice(next)) job.cancel("the iteration over the results was left");
  }
}
