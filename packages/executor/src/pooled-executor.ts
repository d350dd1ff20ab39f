import { ArgumentError, describe } from "@trestle/host";
import { captureCallSite } from "./call-site.js";
import { ExecutorClosedError } from "./executor-closed-error.js";
import type { Executor, ExecutorShutdown, ExecutorStatistics } from "./executor.js";
import type { Job, JobOptions } from "./job.js";
import { requireReference } from "./load-work.js";
import { mapJobs } from "./map-jobs.js";
import { onAbort } from "./on-abort.js";
import { completed, type Pending } from "./pending.js";
import { requireArguments } from "./require-arguments.js";
import { isLimiter, requireJobOptions } from "./require-job-options.js";
import { captureContext } from "./submitter-context.js";
import { ThreadJob } from "./thread-job.js";
import { ThreadPool, type PoolOptions } from "./thread-pool.js";
import type { WorkReference } from "./work-reference.js";

/** What an executor with a pool of threads counts. */
export interface PoolStatistics extends ExecutorStatistics {
  /** Threads that there are, those included that end just now. */
  readonly threads: number;
}

/** What an executor with a pool is made of. */
export interface PooledExecutorOptions extends PoolOptions {
  readonly callerStacks: boolean;
}

/** An executor with a pool of threads, of whatever kind. */
export abstract class PooledExecutor implements Executor {
  readonly #pool: ThreadPool;
  readonly #callerStacks: boolean;
  #submitted = 0;
  #isClosed = false;

  constructor(options: PooledExecutorOptions) {
    requireCount(options.maxWorkers);
    requireDuration(options.idleTimeoutMs);
    requireLimiter(options.limiter);
    this.#callerStacks = options.callerStacks;
    this.#pool = new ThreadPool(options);
  }

  submit<A extends unknown[], T>(
    work: WorkReference<A, T>,
    args: A,
    options: JobOptions = noOptions,
  ): Job<T> {
    this.checkWork(work);
    requireArguments(args, "submit");
    if (options !== noOptions) requireJobOptions(options);
    if (this.#isClosed) throw new ExecutorClosedError();
    const calls = options.host !== undefined || options.onHostCall !== undefined;
    // oxlint-disable-next-line typescript/unbound-method -- only its identity is used
    const site = this.#callerStacks ? captureCallSite(this.submit) : undefined;
    const job = new ThreadJob<T>(work, args, options, {
      canceller: this.#pool,
      number: ++this.#submitted,
      site,
      inContext: calls ? captureContext() : undefined,
    });
    const { signal } = options;
    if (signal?.aborted) {
      job.cancel(signal.reason);
      return job;
    }
    this.#pool.add(job as ThreadJob);
    if (signal !== undefined) cancelOnAbort(job as ThreadJob, signal);
    return job;
  }

  map<A extends unknown[], T>(
    work: WorkReference<A, T>,
    calls: Iterable<A>,
    options?: JobOptions,
  ): AsyncGenerator<T, void, void> {
    return mapJobs(calls, (args) => this.submit(work, args, options));
  }

  shutdown(options: ExecutorShutdown = {}): Pending<void> {
    this.#isClosed = true;
    this.#pool.close(options.cancelFutures ?? false);
    return options.wait === false ? completed(undefined) : this.#pool.ended;
  }

  /** Waits until all jobs have ended, and no thread is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  statistics(): PoolStatistics {
    const { queued, running, threads } = this.#pool;
    return { queued, running, threads, submitted: this.#submitted };
  }

  /** Throws where this executor cannot run what is given. */
  protected checkWork(work: unknown): void {
    requireReference(work);
  }
}

const noOptions: JobOptions = {};

function cancelOnAbort(job: ThreadJob, signal: AbortSignal): void {
  // It may have failed already.
  if (job.state === "done") return;
  job.onSettled(onAbort(signal, () => job.cancel(signal.reason)));
}

function requireCount(maxWorkers: number): void {
  const isCount = Number.isInteger(maxWorkers) || maxWorkers === Number.POSITIVE_INFINITY;
  if (isCount && maxWorkers > 0) return;
  throw new ArgumentError(
    `Cannot run jobs on ${describe(maxWorkers)} threads: a whole number, 1 or more, or Infinity is wanted.`,
  );
}

function requireLimiter(limiter: unknown): void {
  if (limiter === undefined || isLimiter(limiter)) return;
  throw new ArgumentError(
    `Cannot limit jobs by ${describe(limiter)}: a JobLimiter is wanted, or something with 'acquire' and 'release'.`,
  );
}

function requireDuration(idleTimeoutMs: number): void {
  if (typeof idleTimeoutMs === "number" && idleTimeoutMs >= 0) return;
  throw new ArgumentError(
    `Cannot end idle threads after ${describe(idleTimeoutMs)}: milliseconds, 0 or more, or Infinity are wanted.`,
  );
}
