// Threads, the jobs that wait for one, and what becomes of both. Each thread has one job at a time.
//
// | a job is      | by                                            | its token    |
// | ------------- | --------------------------------------------- | ------------ |
// | queued        | being submitted                               | not asked for|
// | starting      | a place for it in the pool                    | asked for    |
// | in a thread   | its token, or the early end of another thread | held         |
// | ended         | its thread, which is done with it             | given back   |
//
// A job that is cancelled may have ended for those who wait and be in its thread all the same.
import { failure, success, type Abortion, type Outcome } from "@trestle/host";
import { BrokenExecutorError } from "./broken-executor-error.js";
import { IdleThreads } from "./idle-threads.js";
import { cancelInThread } from "./job-cancellation.js";
import type { JobCancelledError } from "./job-cancelled-error.js";
import { lateJob, reportLate, type LateReport } from "./late-error.js";
import type { Limiter } from "./job-limiter.js";
import { JobQueue } from "./job-queue.js";
import { JobTokens } from "./job-tokens.js";
import { passCallOn } from "./pass-call-on.js";
import { Completion } from "./pending.js";
import type { PoolThread, ThreadEvents } from "./pool-thread.js";
import type { FromThread } from "./protocol.js";
import { reviveError } from "./revive-error.js";
import type { Canceller, ThreadJob } from "./thread-job.js";
import { UncloneableError } from "./uncloneable-error.js";
import { WorkerExitError } from "./worker-exit-error.js";

/** How a pool is run. */
export interface PoolOptions {
  /** Starts a thread. @throws what the platform says where it makes none */
  readonly openThread: (events: ThreadEvents) => PoolThread;
  /** Whether threads run something before they are ready. */
  readonly hasInitializer: boolean;
  readonly maxWorkers: number;
  readonly idleTimeoutMs: number;
  readonly limiter: Limiter | undefined;
  readonly onLateError: LateReport;
}

/** Threads that run jobs. */
export class ThreadPool implements Canceller, ThreadEvents {
  readonly #options: PoolOptions;
  readonly #threads = new Set<PoolThread>();
  readonly #idle: IdleThreads;
  readonly #queue = new JobQueue();
  /** Jobs that have a place wait for one. */
  readonly #tokens: JobTokens;
  readonly #ended = new Completion<void>();
  #isPumping = false;
  #isClosed = false;
  #broken: BrokenExecutorError | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#idle = new IdleThreads(options.idleTimeoutMs);
    this.#tokens = new JobTokens(options.limiter);
  }

  get ended(): Completion<void> {
    return this.#ended;
  }

  get queued(): number {
    return this.#queue.size + this.#tokens.waiting;
  }

  get running(): number {
    return [...this.#threads].filter(({ job }) => job !== undefined).length;
  }

  get threads(): number {
    return this.#threads.size;
  }

  /** Queues a job. @throws BrokenExecutorError */
  add(job: ThreadJob): void {
    if (this.#broken !== undefined) throw this.#broken;
    this.#queue.add(job);
    this.#pump();
  }

  /** Takes no more jobs, and ends when those that there are have ended. */
  close(cancelFutures: boolean): void {
    this.#isClosed = true;
    if (cancelFutures) {
      const waiting = [...this.#tokens.leaveAll(), ...this.#queue.takeAll()];
      for (const job of waiting) job.cancel("the executor was shut down");
    }
    for (const thread of this.#threads)
      if (thread.job?.state === "done") this.#endIfUnready(thread);
    this.#endIfDone();
  }

  cancelJob(job: ThreadJob, cancellation: JobCancelledError): Abortion {
    const { thread } = job;
    if (thread !== undefined) {
      const abortion = cancelInThread(job, thread, cancellation);
      if (abortion === "withdrawn" && this.#isClosed) this.#endIfUnready(thread);
      return abortion;
    }
    if (!this.#tokens.leave(job)) this.#queue.remove(job);
    // Whoever asks settles the job; the next one may start meanwhile.
    this.#pump();
    return "withdrawn";
  }

  took(thread: PoolThread, message: FromThread): void {
    switch (message.kind) {
      case "ready":
        thread.isReady = true;
        break;
      case "broken":
        this.#break(thread, reviveError(message.error));
        break;
      case "done":
        this.#leave(thread, success(message.value));
        break;
      case "skipped":
        this.#leave(thread, success());
        break;
      case "failed":
        this.#failed(thread, message);
        break;
      case "call":
        passCallOn(thread, message);
        break;
      case "late":
        this.#late(thread, message);
        break;
    }
  }

  exited(thread: PoolThread, exitCode: number, error: unknown): void {
    this.#threads.delete(thread);
    this.#idle.remove(thread);
    const { job } = thread;
    if (job === undefined) {
      if (error !== undefined) reportLate(this.#options.onLateError, error, undefined);
      this.#pump();
    } else if (thread.isReady && !thread.hasBegun && job.options.transfer === undefined) {
      // It is the next one, and keeps its token.
      thread.leaveJob();
      this.#start(job);
    } else {
      this.#leave(thread, failure(this.#reasonOfEnd(thread, job, exitCode, error)));
    }
    this.#endIfDone();
  }

  #reasonOfEnd(thread: PoolThread, job: ThreadJob, exitCode: number, error: unknown): unknown {
    if (thread.failure !== undefined) return thread.failure.error;
    if (thread.isTerminated && job.cancellation !== undefined) return job.cancellation;
    const reason = new WorkerExitError(job.name, exitCode, error);
    if (thread.isReady || thread.isTerminated || !this.#options.hasInitializer) return reason;
    return this.#breakWith(reason);
  }

  /** Places that are taken: by threads that are not idle, and by jobs that wait for a token. */
  get #used(): number {
    return this.#tokens.waiting + this.#threads.size - this.#idle.size;
  }

  /** Starts what can start. Whatever it calls may come back here, and leaves the rest to the loop that is under way. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.#used < this.#options.maxWorkers) {
        const job = this.#queue.take();
        if (job === undefined) break;
        if (this.#tokens.isNeededBy(job)) this.#take(job);
        else this.#start(job);
      }
    } finally {
      this.#isPumping = false;
    }
    this.#endIfDone();
  }

  #take(job: ThreadJob): void {
    this.#tokens.take(job, (outcome) => {
      if (outcome.ok) this.#start(job);
      else this.#settle(job, outcome);
    });
  }

  #start(job: ThreadJob): void {
    let thread: PoolThread;
    try {
      thread = this.#idle.take() ?? this.#open();
    } catch (error) {
      const reason = new WorkerExitError(job.name, undefined, error);
      this.#settle(job, this.#tokens.giveBack(job, failure(reason)));
      return;
    }
    try {
      thread.run(job);
    } catch (cause) {
      this.#rest(thread);
      const error = new UncloneableError(`the arguments of '${job.name}'`, cause);
      this.#settle(job, this.#tokens.giveBack(job, failure(error)));
    }
  }

  #open(): PoolThread {
    const thread = this.#options.openThread(this);
    this.#threads.add(thread);
    return thread;
  }

  #failed(thread: PoolThread, message: Extract<FromThread, { readonly kind: "failed" }>): void {
    const { job } = thread;
    if (job === undefined) return;
    const cancellation = message.isCancelled ? job.cancellation : undefined;
    const error = cancellation ?? reviveError(message.error, job.callerStack);
    if (message.isStray) {
      // Something of the job may be at work still, so the thread ends, and the job with it.
      thread.failure = { error };
      thread.terminate();
    } else {
      this.#leave(thread, failure(error));
    }
  }

  #late(thread: PoolThread, message: Extract<FromThread, { readonly kind: "late" }>): void {
    thread.isRetiring = true;
    if (this.#idle.remove(thread)) thread.terminate();
    reportLate(this.#options.onLateError, reviveError(message.error), lateJob(message));
  }

  /** The thread is done with its job. */
  #leave(thread: PoolThread, outcome: Outcome<unknown>): void {
    const { job } = thread;
    if (job === undefined) return;
    thread.leaveJob();
    // In this order: a job that gets the token finds the thread.
    this.#rest(thread);
    const released = this.#tokens.giveBack(job, outcome);
    this.#pump();
    job.settle(released);
  }

  #rest(thread: PoolThread): void {
    if (thread.isRetiring) thread.terminate();
    else this.#idle.add(thread);
  }

  #settle(job: ThreadJob, outcome: Outcome<unknown>): void {
    job.settle(outcome);
    this.#pump();
  }

  #break(thread: PoolThread, cause: unknown): void {
    thread.failure = { error: this.#breakWith(cause) };
    thread.terminate();
  }

  #breakWith(cause: unknown): BrokenExecutorError {
    this.#broken ??= new BrokenExecutorError(cause);
    const waiting = [...this.#tokens.leaveAll(), ...this.#queue.takeAll()];
    for (const job of waiting) job.settle(failure(this.#broken));
    return this.#broken;
  }

  /** Nobody waits for the initializer of a thread any more, which may take for ever. */
  #endIfUnready(thread: PoolThread): void {
    if (!thread.isReady) thread.terminate();
  }

  #endIfDone(): void {
    if (!this.#isClosed || this.queued > 0) return;
    this.#idle.terminate();
    if (this.#threads.size === 0) this.#ended.settle(success());
  }
}
