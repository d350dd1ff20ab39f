import { failure, success, type Outcome, type Success } from "@trestle/host";
import { encodeError, isError } from "./encode-error.js";
import { InlineJob } from "./inline-job.js";
import { loadWork } from "./load-work.js";
import type { PoolThread, ThreadEvents } from "./pool-thread.js";
import type { ThreadJob } from "./thread-job.js";
import { UncloneableError } from "./uncloneable-error.js";
import { runAs } from "./worker/job-side.js";

/** Stands for a thread, and runs its jobs in the thread that it was made in. */
export class InlineThread implements PoolThread {
  readonly #events: ThreadEvents;
  job: ThreadJob | undefined;
  isReady = true;
  isRetiring = false;
  isTerminated = false;
  failure: { readonly error: unknown } | undefined;
  idleSince = 0;
  hasBegun = false;
  #side: InlineJob | undefined;
  #calls = 0;
  readonly #answers = new Map<number, (outcome: Outcome<unknown>) => void>();

  constructor(events: ThreadEvents) {
    this.#events = events;
  }

  run(job: ThreadJob): void {
    const args = structuredClone([...job.args]);
    this.job = job;
    this.hasBegun = false;
    job.thread = this;
    void Promise.resolve().then(() => this.#begin(job, args));
  }

  leaveJob(): void {
    if (this.job !== undefined) this.job.thread = undefined;
    if (this.#side !== undefined) this.#side.isRunning = false;
    this.job = undefined;
    this.#side = undefined;
  }

  takeBack(): boolean {
    if (this.hasBegun) return false;
    this.hasBegun = true;
    const { job } = this;
    void Promise.resolve().then(() => {
      if (job !== undefined) this.#events.took(this, { kind: "skipped", id: job.number });
    });
    return true;
  }

  markCancelled(): void {
    if (this.#side !== undefined) this.#side.isCancelled = true;
  }

  tellCancelled(_id: number, reason: unknown): void {
    this.#side?.tell(reason);
  }

  answer(job: ThreadJob, call: number, outcome: Outcome<unknown>): void {
    if (this.job !== job) return;
    const answer = this.#answers.get(call);
    this.#answers.delete(call);
    answer?.(outcome.ok ? copyOfResult(outcome) : outcome);
  }

  terminate(): void {
    if (this.isTerminated) return;
    this.isTerminated = true;
    this.isRetiring = true;
    void Promise.resolve().then(() => this.#events.exited(this, 1, undefined));
  }

  #begin(job: ThreadJob, args: unknown[]): void {
    if (this.hasBegun || this.job !== job) return;
    this.hasBegun = true;
    const side = new InlineJob(job.name, (name, given, isBlocking, answer) => {
      const sent = copyOf([...given], `the arguments of '${name}'`);
      const call = this.#calls++;
      this.#answers.set(call, answer);
      this.#events.took(this, {
        kind: "call",
        id: job.number,
        call,
        name,
        args: sent,
        isBlocking,
      });
    });
    this.#side = side;
    runAs(side, () => this.#call(job, side, args)).then(
      (value) => this.#finish(job, value),
      (error: unknown) => this.#fail(job, side, error),
    );
  }

  async #call(job: ThreadJob, side: InlineJob, args: unknown[]): Promise<unknown> {
    const { work } = job;
    const fn = typeof work === "function" ? work : await loadWork(work);
    side.checkCancelled();
    return fn(...args);
  }

  #finish(job: ThreadJob, result: unknown): void {
    if (this.job !== job || this.isTerminated) return;
    try {
      const value = copyOf(result, `the result of '${job.name}'`);
      this.#events.took(this, { kind: "done", id: job.number, value });
    } catch (error) {
      this.#failWith(job, error, false);
    }
  }

  #fail(job: ThreadJob, side: InlineJob, error: unknown): void {
    if (this.job !== job || this.isTerminated) return;
    this.#failWith(job, error, side.isCancellation(error));
  }

  // An error that has not travelled needs no copy.
  #failWith(job: ThreadJob, error: unknown, isCancelled: boolean): void {
    const { number: id } = job;
    const encoded = isError(error)
      ? ({ kind: "value", value: error } as const)
      : encodeError(error);
    this.#events.took(this, { kind: "failed", id, error: encoded, isCancelled, isStray: false });
  }
}

/** A copy, as another thread would get it. @throws UncloneableError */
function copyOf<T>(value: T, what: string): T {
  try {
    return structuredClone(value);
  } catch (cause) {
    throw new UncloneableError(what, cause);
  }
}

function copyOfResult({ value }: Success<unknown>): Outcome<unknown> {
  try {
    return success(copyOf(value, "the result of a call back"));
  } catch (error) {
    return failure(error);
  }
}
