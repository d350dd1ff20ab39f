// The tokens of jobs: which job waits for one, and what is to be given back. A limiter may be anybody's: one that throws makes its
// job fail, and whatever it answers to a job that does not wait any more is given back.
import { failure, success, type Outcome } from "@trestle/host";
import type { Limiter } from "./job-limiter.js";
import type { ThreadJob } from "./thread-job.js";

/** The tokens of the jobs of a pool. */
export class JobTokens {
  readonly #limiter: Limiter | undefined;
  /** Jobs that wait for a token, and what withdraws that. */
  readonly #waiting = new Map<ThreadJob, () => void>();

  /** @param limiter of jobs that name none; no limit unless given */
  constructor(limiter: Limiter | undefined) {
    this.#limiter = limiter;
  }

  /** How many jobs wait for a token. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Whether a job needs one. */
  isNeededBy(job: ThreadJob): boolean {
    return this.#limiterOf(job) !== undefined;
  }

  /** Asks for a token for a job, and calls back when it has one, or can have none; perhaps at once. */
  take(job: ThreadJob, taken: (outcome: Outcome<void>) => void): void {
    const limiter = this.#limiterOf(job) as Limiter;
    const answered = (outcome: Outcome<void>): void => {
      if (this.#waiting.delete(job)) taken(outcome);
      else if (outcome.ok) this.giveBack(job, success());
    };
    this.#waiting.set(job, () => {});
    try {
      const abort = limiter.acquire(job)(answered);
      if (this.#waiting.has(job)) this.#waiting.set(job, () => void abort(undefined));
    } catch (error) {
      answered(failure(error));
    }
  }

  /** Withdraws the wait of a job; says whether it waited. */
  leave(job: ThreadJob): boolean {
    const abort = this.#waiting.get(job);
    if (abort === undefined) return false;
    this.#waiting.delete(job);
    try {
      abort();
    } catch {
      // The job is over all the same, and a token that comes for it goes back.
    }
    return true;
  }

  /** Withdraws all waits, and gives the jobs. */
  leaveAll(): ThreadJob[] {
    const jobs = [...this.#waiting.keys()];
    for (const job of jobs) this.leave(job);
    return jobs;
  }

  /** Gives the token of a job back, where it had one. A limiter that fails makes the job fail. */
  giveBack(job: ThreadJob, outcome: Outcome<unknown>): Outcome<unknown> {
    try {
      this.#limiterOf(job)?.release(job);
      return outcome;
    } catch (error) {
      if (outcome.ok) return failure(error);
      return failure(new AggregateError([outcome.error, error], "a job and its limiter failed"));
    }
  }

  #limiterOf(job: ThreadJob): Limiter | undefined {
    return job.options.limiter ?? this.#limiter;
  }
}
