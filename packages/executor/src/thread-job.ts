import { failure, type Abortion, type Outcome, type Wait } from "@trestle/host";
import { linesOf, type CallSite } from "./call-site.js";
import { JobCancelledError } from "./job-cancelled-error.js";
import type { Job, JobOptions, JobState } from "./job.js";
import { Completion } from "./pending.js";
import type { SentWork } from "./protocol.js";
import type { PoolThread } from "./pool-thread.js";

/** Whoever can stop a job. */
export interface Canceller {
  /** Asks the job to end. Withdrawn, it is over for those who wait, and whoever asked settles it. */
  cancelJob(job: ThreadJob, cancellation: JobCancelledError): Abortion;
}

/** What is known of a job besides its work. */
export interface JobOrigin {
  readonly canceller: Canceller;
  readonly number: number;
  readonly site: CallSite | undefined;
  /** Calls functions in the context of whoever submitted it. */
  readonly inContext: ((fn: () => void) => void) | undefined;
}

/** A job of a pool of threads. */
export class ThreadJob<T = unknown> implements Job<T> {
  readonly work: SentWork;
  readonly args: readonly unknown[];
  readonly options: JobOptions;
  readonly #origin: JobOrigin;
  readonly #completion = new Completion<T>();
  /** Where it runs, until the thread is done with it. */
  thread: PoolThread | undefined;
  /** What it fails with where it ends because of a cancellation, once it was asked to. */
  cancellation: JobCancelledError | undefined;
  /** Whether its thread will be terminated. */
  isDoomed = false;
  #onSettled: (() => void)[] | undefined;

  constructor(work: SentWork, args: readonly unknown[], options: JobOptions, origin: JobOrigin) {
    this.work = work;
    this.args = args;
    this.options = options;
    this.#origin = origin;
  }

  get number(): number {
    return this.#origin.number;
  }

  get id(): string {
    return String(this.#origin.number);
  }

  get name(): string {
    return this.work.name;
  }

  get state(): JobState {
    if (this.#completion.outcome !== undefined) return "done";
    return this.thread === undefined ? "queued" : "running";
  }

  /** The lines of the stack that it was submitted from. */
  get callerStack(): string | undefined {
    return linesOf(this.#origin.site);
  }

  /** What a wait is aborted with is for that one alone: another task's Cancelled would be nobody's to catch. */
  readonly wait: Wait<T> = (resume) => {
    let own: { readonly error: unknown } | undefined;
    const leave = this.#completion.wait((outcome) => {
      const isCancelled = !outcome.ok && outcome.error === this.cancellation;
      resume(isCancelled && own !== undefined ? failure(own.error) : outcome);
    });
    return (cancelled) => {
      own = { error: cancelled };
      const cancellation = this.#cancellationBy(reasonIn(cancelled));
      if (this.#ask(cancellation) === "committed") return "committed";
      leave(cancelled);
      this.settle(failure(cancellation));
      return "withdrawn";
    };
  };

  cancel(reason?: unknown): boolean {
    if (this.#completion.outcome !== undefined) return false;
    const cancellation = this.#cancellationBy(reason);
    if (this.#ask(cancellation) === "withdrawn") this.settle(failure(cancellation));
    return true;
  }

  #cancellationBy(reason: unknown): JobCancelledError {
    return (this.cancellation ??= new JobCancelledError(this.name, reason));
  }

  #ask(cancellation: JobCancelledError): Abortion {
    return this.#origin.canceller.cancelJob(this as ThreadJob, cancellation);
  }

  then<R = T, F = never>(
    onValue?: ((value: T) => R | PromiseLike<R>) | null,
    onError?: ((reason: unknown) => F | PromiseLike<F>) | null,
  ): Promise<R | F> {
    return this.#completion.then(onValue, onError);
  }

  settle(outcome: Outcome<T>): void {
    if (this.#completion.outcome !== undefined) return;
    this.#onSettled?.forEach((callback) => callback());
    this.#completion.settle(outcome);
  }

  /** Calls back when it has ended for those who wait. */
  onSettled(callback: () => void): void {
    (this.#onSettled ??= []).push(callback);
  }

  /** Calls back into the code that submitted it. */
  inContext(fn: () => void): void {
    const { inContext } = this.#origin;
    if (inContext === undefined) fn();
    else inContext(fn);
  }
}

/** What the job, and others who wait for it, hear of what a wait was aborted with. */
function reasonIn(cancelled: unknown): unknown {
  if (cancelled instanceof JobCancelledError) return cancelled.reason;
  return cancelled instanceof Error ? cancelled.message : cancelled;
}
