import { InlineThread } from "./inline-thread.js";
import type { Limiter } from "./job-limiter.js";
import type { Job, JobOptions } from "./job.js";
import { requireReference } from "./load-work.js";
import { PooledExecutor } from "./pooled-executor.js";
import type { WorkReference } from "./work-reference.js";

/** How an InlineExecutor is made. */
export interface InlineExecutorOptions {
  /** How many jobs run at a time; 1 unless given. */
  readonly maxWorkers?: number | undefined;
  /** A limit that is shared with other executors. */
  readonly limiter?: Limiter | undefined;
}

/** Work that is run where it is: a reference, or a function. */
export type InlineWork<A extends unknown[], T> =
  | WorkReference<A, T>
  | ((...args: A) => T | PromiseLike<T>);

/**
 * Runs jobs in this very thread, for tests: with a test runner's mocks, breakpoints and coverage, which do not reach other threads.
 * Jobs start in a microtask after they were submitted; arguments and results are copied, limits hold and cancellations are told as
 * with threads. What would block blocks this thread, and what cannot be stopped goes on unheard.
 *
 * It takes functions as well. Source: ours. Flavor: either.
 *
 * @example
 * ```ts run
 * import { InlineExecutor } from "@trestle/executor";
 *
 * await using executor = new InlineExecutor();
 * console.log(await executor.submit((text: string) => text.length, ["four"]));
 * ```
 * ```text prints
 * 4
 * ```
 */
export class InlineExecutor extends PooledExecutor {
  /** @throws ArgumentError */
  constructor(options: InlineExecutorOptions = {}) {
    super({
      maxWorkers: options.maxWorkers ?? 1,
      limiter: options.limiter,
      idleTimeoutMs: Number.POSITIVE_INFINITY,
      callerStacks: true,
      hasInitializer: false,
      // Nothing is left of a job that has ended, which could fail.
      onLateError: () => {},
      openThread: (events) => new InlineThread(events),
    });
  }

  override submit<A extends unknown[], T>(
    work: InlineWork<A, T>,
    args: A,
    options?: JobOptions,
  ): Job<T> {
    return super.submit(work as WorkReference<A, T>, args, options);
  }

  protected override checkWork(work: unknown): void {
    if (typeof work !== "function") requireReference(work);
  }
}
