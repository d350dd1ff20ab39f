import { CapacityLimiter } from "@trestle/structured";
import type { Job, JobOptions } from "../job.js";
import type { Limiter } from "../job-limiter.js";
import { ThreadExecutor, type ThreadExecutorOptions } from "../thread-executor.js";
import type { WorkReference } from "../work-reference.js";
import { currentDefaultThreadLimiter, LimiterOfRun, type ThreadLimiter } from "./thread-limiter.js";

/** How a StructuredExecutor is made. */
export interface StructuredExecutorOptions extends Omit<
  ThreadExecutorOptions,
  "limiter" | "maxWorkers"
> {
  /** Whose tokens the jobs take, one each; the run's default limiter unless given. */
  readonly limiter?: ThreadLimiter | undefined;
  /** How many jobs run at a time: a limiter of its own. Only without `limiter`. */
  readonly maxWorkers?: number | undefined;
}

/**
 * Runs the jobs of a loop inside a structured program, within the limits of that program: what a loop's `runInExecutor` and `toThread`
 * run with. To be made inside a run.
 *
 * A cancelled future does not stop its job, which is waited for, unless the job's `onCancel` says otherwise.
 *
 * Source: trio-asyncio's TrioExecutor. Flavor: loop, in a structured run.
 *
 * @example
 * ```ts
 * import { StructuredExecutor } from "@trestle/executor/structured";
 * import { CapacityLimiter, run } from "@trestle/structured";
 *
 * await run(function* () {
 *   const executor = new StructuredExecutor({ limiter: new CapacityLimiter(2) });
 *   executor.shutdown({ wait: false });
 * });
 * ```
 */
export class StructuredExecutor extends ThreadExecutor {
  readonly #limiter: Limiter;

  /** @throws NoRunError outside of a run; ArgumentError */
  constructor(options: StructuredExecutorOptions = {}) {
    const { limiter, maxWorkers, ...rest } = options;
    super({ ...rest, maxWorkers: Number.POSITIVE_INFINITY });
    const own = maxWorkers === undefined ? undefined : new CapacityLimiter(maxWorkers);
    this.#limiter = new LimiterOfRun(limiter ?? own ?? currentDefaultThreadLimiter());
  }

  override submit<A extends unknown[], T>(
    work: WorkReference<A, T>,
    args: A,
    options: JobOptions = {},
  ): Job<T> {
    return super.submit(work, args, { ...options, limiter: options.limiter ?? this.#limiter });
  }
}
