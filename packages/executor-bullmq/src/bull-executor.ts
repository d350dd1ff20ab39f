// The submitter's side of a queue.
import { randomUUID } from "node:crypto";
import {
  Completion,
  ExecutorClosedError,
  mapJobs,
  type Executor,
  type ExecutorShutdown,
  type ExecutorStatistics,
  type Job,
  type Pending,
  type WorkReference,
} from "@trestle/executor";
import { ArgumentError, platformHost, success } from "@trestle/host";
import { Queue, type JobsOptions } from "bullmq";
import {
  checkIdentifier,
  checkRetry,
  queueSettings,
  refuseLocal,
  type BullJobOptions,
  type RetryOptions,
} from "./bull-job-options.js";
import { BullJob, type JobQueue } from "./bull-job.js";
import { ConnectionErrors } from "./connection-errors.js";
import { JobNews } from "./job-news.js";
import { JobNotAcceptedError } from "./job-not-accepted-error.js";
import type { JobMessage } from "./message.js";
import { ModuleNames } from "./module-names.js";
import { encodePayload } from "./payload.js";
import {
  checkDuration,
  queuePlace,
  type BullQueueOptions,
  type QueuePlace,
} from "./queue-options.js";
import { RedisCommands } from "./redis-commands.js";

/** What is said of a submitter. */
export interface BullExecutorOptions extends BullQueueOptions {
  /** For jobs that say nothing else; one attempt unless given. */
  readonly retry?: RetryOptions | undefined;
  /** How often, in milliseconds, jobs are looked up that have not ended, in case an event was missed; 5,000 unless given. */
  readonly lookMs?: number | undefined;
  /** How long, in milliseconds, Redis keeps what has ended: for looking up, and for `jobId`. An hour unless given. */
  readonly keepMs?: number | undefined;
}

/**
 * Runs jobs on other machines, through a queue of BullMQ in Redis or Valkey. A `BullWorker` there takes them out and runs them.
 *
 * A job that Redis has accepted runs **at least once**: when a worker dies, another one runs the job again. Make running twice do
 * no harm. A cancelled job that no worker has taken never runs; one that is running is cancelled in its worker, as its `onCancel` says.
 * Arguments and results are copied as plain data; errors keep class, code, cause and own fields. Calls back into the submitter are not
 * possible, and neither are transfers.
 *
 * Source: ours, on BullMQ. Flavor: either.
 *
 * @example
 * ```ts
 * import { moduleRef } from "@trestle/executor";
 * import { BullExecutor } from "@trestle/executor-bullmq";
 *
 * const file = new URL("./images.js", import.meta.url);
 * const images = moduleRef<{ resize(path: string, width: number): Promise<string> }>(file);
 * await using executor = new BullExecutor({
 *   queue: "images",
 *   connection: "redis://127.0.0.1:6379",
 *   modules: { images },
 * });
 * console.log(await executor.submit(images.resize, ["cat.png", 200]));
 * ```
 */
export class BullExecutor implements Executor {
  readonly #place: QueuePlace;
  readonly #modules: ModuleNames;
  readonly #queue: Queue;
  readonly #commands: RedisCommands;
  readonly #errors: ConnectionErrors;
  readonly #news: JobNews;
  readonly #retry: RetryOptions;
  readonly #keepMs: number;
  #opening: Promise<void> | undefined;
  #submitted = 0;
  #isShutDown = false;
  readonly #end = new Completion<void>();

  /**
   * It connects at once, and keeps the process alive until it is shut down.
   *
   * @throws ArgumentError
   */
  constructor(options: BullExecutorOptions) {
    const action = "open a BullExecutor";
    this.#place = queuePlace(options, action);
    this.#modules = new ModuleNames(options.modules, action);
    this.#retry = checkRetry(options.retry ?? { attempts: 1 }, action);
    this.#keepMs = checkDuration(options.keepMs ?? 3_600_000, "keepMs", action);
    const lookMs = checkDuration(options.lookMs ?? 5000, "lookMs", action);
    const { queue, prefix, connection } = this.#place;
    this.#errors = new ConnectionErrors(queue, options.onConnectionError);
    this.#queue = new Queue(queue, { connection, prefix });
    this.#errors.hear(this.#queue);
    const host = options.host ?? platformHost();
    this.#commands = new RedisCommands(this.#place, this.#errors);
    this.#news = new JobNews(this.#queue, this.#place, this.#commands, this.#errors, {
      host,
      lookMs,
    });
  }

  /**
   * Queues a call. The job's failure may be one of the function; JobCancelledError; JobNotAcceptedError, JobLostError;
   * PayloadError for arguments or a result that cannot travel; or what the worker's own executor reports.
   *
   * @param work an export of one of the `modules`
   * @param options besides those of any executor: `jobId`, `retry`, `delayMs`, `priority`
   * @throws ExecutorClosedError after `shutdown`; WorkReferenceError for a module that is not in the table; ArgumentError
   */
  submit<A extends unknown[], T>(
    work: WorkReference<A, T>,
    args: A,
    options: BullJobOptions = {},
  ): Job<T> {
    const action = `submit '${work.name}'`;
    if (this.#isShutDown) throw new ExecutorClosedError();
    const module = this.#modules.nameOf(work, action);
    refuseLocal(options, action);
    const id = options.jobId ?? randomUUID();
    checkIdentifier(id, action);
    if (this.#news.follows(id)) {
      throw new ArgumentError(
        `Cannot ${action}: a job with the identifier '${id}' is under way here.\nWait for that one.`,
      );
    }
    const onCancel = options.onCancel ?? "wait";
    const settings = queueSettings(options, this.#retry, this.#keepMs, action);
    const job = new BullJob<T>(id, work.name, this.#jobQueue, onCancel);
    this.#submitted += 1;
    this.#news.follow(job as BullJob<unknown>);
    if (options.signal !== undefined) job.listen(options.signal);
    try {
      const encoded = encodePayload(args, `the arguments of the job '${work.name}'`);
      const message: JobMessage = { module, name: work.name, args: encoded, onCancel };
      void this.#add(job, message, { ...settings, jobId: id });
    } catch (error) {
      job.failed(error);
    }
    return job;
  }

  map<A extends unknown[], T>(
    work: WorkReference<A, T>,
    calls: Iterable<A>,
    options?: BullJobOptions,
  ): AsyncGenerator<T, void, void> {
    return mapJobs(calls, (args) => this.submit(work, args, options));
  }

  /**
   * Takes nothing new. Jobs that were accepted run whether anybody waits or not; without `wait` this executor lets go of them.
   */
  shutdown({ wait = true, cancelFutures = false }: ExecutorShutdown = {}): Pending<void> {
    const isFirst = !this.#isShutDown;
    this.#isShutDown = true;
    const jobs = this.#news.jobs();
    if (cancelFutures) {
      for (const job of jobs) if (job.state === "queued") job.cancel("the executor was shut down");
    }
    if (isFirst && jobs.length === 0) void this.#close();
    if (wait) return this.#end;
    const now = new Completion<void>();
    now.settle(success());
    return now;
  }

  statistics(): ExecutorStatistics {
    const jobs = this.#news.jobs();
    const running = jobs.filter(({ state }) => state === "running").length;
    return { queued: jobs.length - running, running, submitted: this.#submitted };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  readonly #jobQueue: JobQueue = {
    remove: async (id) => {
      // Refused where a worker has it: that is an error of Redis's script, told from others by its being there still.
      try {
        return (await this.#queue.remove(id)) === 1;
      } catch {
        return false;
      }
    },
    tell: (id, reason) => this.#commands.tell({ id, reason }),
    ended: (id) => {
      this.#news.forget(id);
      if (this.#isShutDown && this.#news.jobs().length === 0) void this.#close();
    },
  };

  async #add<T>(job: BullJob<T>, message: JobMessage, settings: JobsOptions): Promise<void> {
    try {
      await (this.#opening ??= this.#news.open());
      if (!job.send()) return;
      await this.#queue.add(job.name, message, settings);
    } catch (error) {
      job.failed(new JobNotAcceptedError(job.name, error));
      return;
    }
    job.accepted();
  }

  async #close(): Promise<void> {
    this.#errors.closing();
    // Nothing is under way: where Redis is away there is no sense in waiting for it.
    this.#commands.close();
    await Promise.allSettled([this.#news.close(), this.#queue.disconnect()]);
    this.#end.settle(success());
  }
}
