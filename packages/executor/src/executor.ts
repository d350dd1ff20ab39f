import type { Job, JobOptions } from "./job.js";
import type { Pending } from "./pending.js";
import type { WorkReference } from "./work-reference.js";

/** How an executor ends. */
export interface ExecutorShutdown {
  /** Whether the wait for it lasts until all jobs have ended and nothing of the executor is left; true unless given. */
  readonly wait?: boolean | undefined;
  /** Whether jobs that have not started are cancelled; false unless given. */
  readonly cancelFutures?: boolean | undefined;
}

/** What an executor counts. */
export interface ExecutorStatistics {
  /** Jobs that have not started. */
  readonly queued: number;
  /** Jobs that run, those included that were abandoned. */
  readonly running: number;
  /** Jobs that were submitted since the beginning. */
  readonly submitted: number;
}

/**
 * Runs jobs somewhere else: on a pool of threads, on other machines, or for tests in this very thread.
 *
 * An executor knows neither runtime: what it gives are Waits, for the door of either. `@trestle/executor/structured` and
 * `@trestle/executor/loop` have the calls for code of a flavor.
 *
 * Source: the Executor of Python's concurrent.futures. Flavor: either.
 *
 * @example
 * ```ts
 * import type { Executor, WorkReference } from "@trestle/executor";
 *
 * async function measure(executor: Executor, count: WorkReference<[text: string], number>): Promise<void> {
 *   console.log(await executor.submit(count, ["one two three"]));
 * }
 * ```
 */
export interface Executor extends AsyncDisposable {
  /**
   * Queues a call; it starts as soon as there is room.
   *
   * @param work stands for the function, see `moduleRef`
   * @param args for the function; they are copied when the job starts
   * @returns the job; all that can go wrong with it is its own failure
   * @throws ExecutorClosedError after `shutdown`; ArgumentError, WorkReferenceError
   */
  submit<A extends unknown[], T>(work: WorkReference<A, T>, args: A, options?: JobOptions): Job<T>;
  /**
   * Queues a call for each list of arguments, and gives the results in the order of the lists. Leaving the iteration, by
   * `break` or by an error, cancels the jobs that are left.
   *
   * @throws what the first failing job throws, in that order
   */
  map<A extends unknown[], T>(
    work: WorkReference<A, T>,
    calls: Iterable<A>,
    options?: JobOptions,
  ): AsyncGenerator<T, void, void>;
  /** Takes nothing new from now on. What it gives ends with the executor; calling it again is another wait for the same. */
  shutdown(options?: ExecutorShutdown): Pending<void>;
  statistics(): ExecutorStatistics;
}
