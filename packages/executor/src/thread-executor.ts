import { availableParallelism } from "node:os";
import type { ResourceLimits, Worker, WorkerOptions } from "node:worker_threads";
import type { Limiter } from "./job-limiter.js";
import { warnOfLateError, type EndedJob } from "./late-error.js";
import { requireReference } from "./load-work.js";
import { PooledExecutor } from "./pooled-executor.js";
import type { WorkReference } from "./work-reference.js";
import { WorkerThread, type ThreadOptions } from "./worker-thread.js";

/** A call, for later. */
export interface WorkCall<A extends unknown[]> {
  readonly work: WorkReference<A, unknown>;
  readonly args: A;
}

/** How a ThreadExecutor is made. */
export interface ThreadExecutorOptions {
  /** How many threads there are at most: as many as the machine runs at a time, unless given. */
  readonly maxWorkers?: number | undefined;
  /** A limit that is shared with other executors: each job that runs holds one of its tokens. None unless given. */
  readonly limiter?: Limiter | undefined;
  /** How long a thread waits for the next job before it ends, in milliseconds; 10,000 unless given. */
  readonly idleTimeoutMs?: number | undefined;
  /** A call that each thread makes before its first job. Where it fails the executor is broken. */
  readonly initializer?: WorkCall<never[]> | undefined;
  /** How much memory a thread may have; a job that needs more fails with WorkerExitError. */
  readonly resourceLimits?: ResourceLimits | undefined;
  /** The environment of the threads, and Node's own options for them; those of this process unless given. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly execArgv?: readonly string[] | undefined;
  /** Whether errors tell where their job was submitted; true unless given. It costs some microseconds for each job. */
  readonly callerStacks?: boolean | undefined;
  /** Hears of errors that come after the end of their job, such as those of its timers. A warning of the process unless given. */
  readonly onLateError?: ((error: unknown, job: EndedJob | undefined) => void) | undefined;
  /**
   * Starts the threads with a file of your own, which calls `expose`: for bundlers that know `new Worker(new URL(...))` only. The
   * options are to be passed on.
   */
  readonly worker?: ((options: WorkerOptions) => Worker) | undefined;
}

/**
 * Runs jobs on a pool of threads. Threads are started as they are needed, and end when nobody has needed them for a while. Idle ones do
 * not keep the process alive.
 *
 * Source: Python's ThreadPoolExecutor. Flavor: either.
 *
 * @example
 * ```ts no-run
 * import { moduleRef, ThreadExecutor } from "@trestle/executor";
 *
 * const zlib = moduleRef(() => import("node:zlib"), import.meta);
 * await using executor = new ThreadExecutor({ maxWorkers: 4 });
 * const packed = await executor.submit(zlib.gzipSync, ["some text"]);
 * console.log(packed.length);
 * ```
 */
export class ThreadExecutor extends PooledExecutor {
  /** @throws ArgumentError; WorkReferenceError for an initializer that is none */
  constructor(options: ThreadExecutorOptions = {}) {
    const { initializer, env, execArgv, resourceLimits } = options;
    if (initializer !== undefined) requireReference(initializer.work);
    const threadOptions: ThreadOptions = {
      initializer: initializer && {
        module: initializer.work.module,
        name: initializer.work.name,
        args: initializer.args,
      },
      openWorker: options.worker,
      workerOptions: {
        name: "trestle",
        ...(env === undefined ? {} : { env }),
        ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
        ...(resourceLimits === undefined ? {} : { resourceLimits }),
      },
    };
    super({
      maxWorkers: options.maxWorkers ?? availableParallelism(),
      idleTimeoutMs: options.idleTimeoutMs ?? 10_000,
      limiter: options.limiter,
      callerStacks: options.callerStacks ?? true,
      onLateError: options.onLateError ?? warnOfLateError,
      hasInitializer: initializer !== undefined,
      openThread: (events) => new WorkerThread(threadOptions, events),
    });
  }
}
