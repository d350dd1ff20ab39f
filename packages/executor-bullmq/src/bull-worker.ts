// The running side of a queue: takes jobs out, has an executor of this machine run them, and writes down what came of it.
import {
  Completion,
  JobCancelledError,
  ThreadExecutor,
  type Executor,
  type Job,
  type Pending,
} from "@trestle/executor";
import { ArgumentError, describe, success } from "@trestle/host";
import { UnrecoverableError, Worker, type Job as QueuedJob } from "bullmq";
import { CancelListener } from "./cancel-listener.js";
import { ConnectionErrors } from "./connection-errors.js";
import type { FailureMessage, JobMessage, ResultMessage } from "./message.js";
import { ModuleNames } from "./module-names.js";
import { decodePayload, encodePayload, encodeThrown } from "./payload.js";
import { checkCount, checkDuration, queuePlace, type BullQueueOptions } from "./queue-options.js";

/** What is said of a worker. */
export interface BullWorkerOptions extends BullQueueOptions {
  /** How many jobs run at the same time; 1 unless given. */
  readonly concurrency?: number | undefined;
  /** What runs the jobs, and stays open afterwards; a ThreadExecutor of the worker's own unless given. */
  readonly executor?: Executor | undefined;
  /**
   * How long, in milliseconds, a job is this worker's without a word from it; 30,000 unless given. A worker that died keeps its jobs
   * from the others so long, and `stalledCheckMs` longer at most.
   */
  readonly lockMs?: number | undefined;
  /** How often, in milliseconds, jobs of dead workers are looked for; 30,000 unless given. */
  readonly stalledCheckMs?: number | undefined;
  /** How many times a job whose worker died is run again before it is given up; 3 unless given. */
  readonly maxRestarts?: number | undefined;
}

/** How a worker ends. */
export interface BullWorkerShutdown {
  /** Whether running jobs are waited for; true unless given. Those that are not run again elsewhere, when their locks have run out. */
  readonly wait?: boolean | undefined;
}

/**
 * Runs the jobs of a queue that a `BullExecutor` fills. As many workers as one likes may serve a queue, on as many machines. It begins
 * at once, keeps the process alive, and waits for Redis however long it is away.
 *
 * Source: ours, on BullMQ. Flavor: either.
 *
 * @example
 * ```ts
 * import { moduleRef } from "@trestle/executor";
 * import { BullWorker } from "@trestle/executor-bullmq";
 *
 * const file = new URL("./images.js", import.meta.url);
 * const images = moduleRef<{ resize(path: string, width: number): Promise<string> }>(file);
 * const worker = new BullWorker({
 *   queue: "images",
 *   connection: "redis://127.0.0.1:6379",
 *   modules: { images },
 *   concurrency: 4,
 * });
 * process.once("SIGTERM", () => void worker.shutdown());
 * ```
 */
export class BullWorker implements AsyncDisposable {
  readonly #modules: ModuleNames;
  readonly #executor: Executor;
  readonly #ownsExecutor: boolean;
  readonly #errors: ConnectionErrors;
  readonly #worker: Worker;
  readonly #cancels: CancelListener;
  readonly #running = new Map<string, Job<unknown>>();
  #end: Completion<void> | undefined;

  /** @throws ArgumentError */
  constructor(options: BullWorkerOptions) {
    const action = "open a BullWorker";
    const { queue, prefix, connection } = queuePlace(options, action);
    this.#modules = new ModuleNames(options.modules, action);
    const concurrency = checkCount(options.concurrency ?? 1, 1, "concurrency", action);
    const lockDuration = checkDuration(options.lockMs ?? 30_000, "lockMs", action);
    const stalledInterval = checkDuration(
      options.stalledCheckMs ?? 30_000,
      "stalledCheckMs",
      action,
    );
    const maxStalledCount = checkCount(options.maxRestarts ?? 3, 0, "maxRestarts", action);
    checkExecutor(options.executor, action);
    this.#ownsExecutor = options.executor === undefined;
    this.#executor = options.executor ?? new ThreadExecutor({ maxWorkers: concurrency });
    this.#errors = new ConnectionErrors(queue, options.onConnectionError);
    this.#cancels = new CancelListener({ queue, prefix, connection }, this.#errors, (id, reason) =>
      this.#running.get(id)?.cancel(reason),
    );
    this.#worker = new Worker(queue, (job) => this.#run(job), {
      connection,
      prefix,
      concurrency,
      lockDuration,
      stalledInterval,
      maxStalledCount,
    });
    this.#errors.hear(this.#worker);
  }

  /** How many jobs it runs now. */
  get running(): number {
    return this.#running.size;
  }

  /** Ends when it takes jobs: what is queued from then on runs at once, if there is room. */
  async ready(): Promise<void> {
    await Promise.all([this.#worker.waitUntilReady(), this.#cancels.ready]);
  }

  /** Takes no more jobs. Calling it again is another wait for the same end. */
  shutdown({ wait = true }: BullWorkerShutdown = {}): Pending<void> {
    if (this.#end !== undefined) return this.#end;
    const end = (this.#end = new Completion<void>());
    void this.#close(wait).then(() => end.settle(success()));
    return end;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  async #close(wait: boolean): Promise<void> {
    const closing = this.#worker.close(!wait);
    await closing.catch(() => {});
    this.#errors.closing();
    this.#cancels.close();
    if (this.#ownsExecutor) await this.#executor.shutdown({ wait, cancelFutures: !wait });
  }

  async #run(queued: QueuedJob<JobMessage>): Promise<ResultMessage> {
    const id = queued.id as string;
    try {
      const { module, name, args, onCancel } = queued.data;
      const work = this.#modules.referenceTo(module, name);
      const given = decodePayload(args, `the arguments of the job '${name}'`) as unknown[];
      // Whoever abandons a job says nothing.
      const job = this.#executor.submit(work, given, {
        onCancel: onCancel === "abandon" ? "wait" : onCancel,
      });
      this.#running.set(id, job);
      const value = encodePayload(await job, `the result of the job '${name}'`);
      return { value };
    } catch (error) {
      throw await writeDown(queued, error);
    } finally {
      this.#running.delete(id);
    }
  }
}

/** Keeps all of an error, and gives the part of it that BullMQ keeps by itself. */
async function writeDown(queued: QueuedJob, thrown: unknown): Promise<Error> {
  const reason = thrown instanceof Error ? thrown.message : describe(thrown);
  const failure: FailureMessage = { reason, error: encodeThrown(thrown) };
  await queued.updateProgress({ ...failure });
  // A cancelled job is not tried again.
  const told =
    thrown instanceof JobCancelledError ? new UnrecoverableError(reason) : new Error(reason);
  if (thrown instanceof Error && thrown.stack !== undefined) told.stack = thrown.stack;
  return told;
}

function checkExecutor(executor: unknown, action: string): void {
  const { submit } = (executor ?? {}) as Partial<Executor>;
  if (executor === undefined || typeof submit === "function") return;
  throw new ArgumentError(
    `Cannot ${action}: 'executor' is ${describe(executor)}, and an Executor is wanted.`,
  );
}
