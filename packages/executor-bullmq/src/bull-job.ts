// A job as its submitter sees it. The queue knows how far it is; this object follows the news.
//
// | state   | becomes            | by                                                                     |
// | ------- | ------------------ | ---------------------------------------------------------------------- |
// | queued  | running            | news that a worker has taken it                                        |
// | running | queued             | news that its worker died, or that the attempt failed: it runs again   |
// | either  | done               | news of its end; an end without an outcome; `cancel`                   |
//
// A cancellation removes the job from the queue, which Redis allows only while no worker has it. Where one has, `onCancel` says
// what happens; the worker is told again and again until there is news of the end, because a message may find nobody. A wait that
// is aborted cancels its job, and lasts as long as that takes, unless nobody has the job yet or it is abandoned.
import {
  Completion,
  JobCancelledError,
  type Job,
  type JobState,
  type OnCancel,
} from "@trestle/executor";
import { describe, failure, success, type Outcome, type Wait } from "@trestle/host";

/** What a job asks of the queue that it is in. */
export interface JobQueue {
  /** Removes a job that no worker has; gives whether it did. */
  remove(id: string): Promise<boolean>;
  /** Tells the workers to cancel a job. */
  tell(id: string, reason: string | undefined): void;
  /** A job has ended, for those who wait. */
  ended(id: string): void;
}

/** A job in a queue. */
export class BullJob<T> implements Job<T> {
  readonly id: string;
  readonly name: string;
  readonly #queue: JobQueue;
  readonly #onCancel: OnCancel;
  readonly #completion = new Completion<T>();
  #state: JobState = "queued";
  #isSent = false;
  #isAccepted = false;
  /** What it fails with where it ends because of a cancellation, once it was asked to. */
  #cancellation: JobCancelledError | undefined;
  #unlisten: (() => void) | undefined;

  constructor(id: string, name: string, queue: JobQueue, onCancel: OnCancel) {
    this.id = id;
    this.name = name;
    this.#queue = queue;
    this.#onCancel = onCancel;
  }

  get state(): JobState {
    return this.#state;
  }

  /** Whether Redis has it. */
  get isAccepted(): boolean {
    return this.#isAccepted;
  }

  /** What a wait is aborted with is for that one alone; others who wait get the job's own error. */
  readonly wait: Wait<T> = (resume) => {
    let own: { readonly error: unknown } | undefined;
    const leave = this.#completion.wait((outcome) => {
      const isCancelled = !outcome.ok && outcome.error === this.#cancellation;
      resume(isCancelled && own !== undefined ? failure(own.error) : outcome);
    });
    return (cancelled) => {
      const reason: unknown = cancelled instanceof Error ? cancelled.message : cancelled;
      own = { error: cancelled };
      const isOver = !this.#isSent || this.#onCancel === "abandon";
      if (isOver) leave(cancelled);
      this.cancel(reason);
      return isOver ? "withdrawn" : "committed";
    };
  };

  then<R = T, F = never>(
    onValue?: ((value: T) => R | PromiseLike<R>) | null,
    onError?: ((reason: unknown) => F | PromiseLike<F>) | null,
  ): Promise<R | F> {
    return this.#completion.then(onValue, onError);
  }

  cancel(reason?: unknown): boolean {
    if (this.#state === "done" || this.#cancellation !== undefined) return false;
    this.#cancellation = new JobCancelledError(this.name, reason);
    if (!this.#isSent) this.#settle(failure(this.#cancellation));
    else if (this.#isAccepted) void this.pursue();
    return true;
  }

  /** Cancels it when the signal fires. */
  listen(signal: AbortSignal): void {
    const fired = (): void => void this.cancel(signal.reason);
    if (signal.aborted) {
      fired();
      return;
    }
    signal.addEventListener("abort", fired, { once: true });
    this.#unlisten = () => signal.removeEventListener("abort", fired);
  }

  /** It goes to Redis now, unless it was cancelled: gives whether it does. */
  send(): boolean {
    this.#isSent = this.#state !== "done";
    return this.#isSent;
  }

  /** Redis has it. */
  accepted(): void {
    this.#isAccepted = true;
    if (this.#cancellation !== undefined) void this.pursue();
  }

  /** There is news: a worker has it, or none has it any more. */
  moved(state: "queued" | "running"): void {
    if (this.#state === "done") return;
    this.#state = state;
    if (this.#cancellation !== undefined) void this.pursue();
  }

  /** Carries a cancellation on: takes the job out, or tells whoever runs it. */
  async pursue(): Promise<void> {
    const cancellation = this.#cancellation;
    if (cancellation === undefined || this.#state === "done") return;
    // Where Redis does not answer now, the next news or the next look carries on.
    const removed = await this.#queue.remove(this.id).catch(() => false);
    if (this.isDone()) return;
    if (removed || this.#onCancel === "abandon") {
      this.#settle(failure(cancellation));
      return;
    }
    const { reason } = cancellation;
    const inWords = reason === undefined || typeof reason === "string" ? reason : describe(reason);
    this.#queue.tell(this.id, inWords);
  }

  isDone(): boolean {
    return this.#state === "done";
  }

  succeeded(value: T): void {
    this.#settle(success(value));
  }

  failed(error: unknown): void {
    // A worker knows the reason in words only.
    const cancellation = error instanceof JobCancelledError ? this.#cancellation : undefined;
    this.#settle(failure(cancellation ?? error));
  }

  #settle(outcome: Outcome<T>): void {
    if (this.#state === "done") return;
    this.#state = "done";
    this.#unlisten?.();
    this.#queue.ended(this.id);
    this.#completion.settle(outcome);
  }
}
