import { ArgumentError, describe, success, type Outcome, type Wait } from "@trestle/host";

/** Hands out tokens, one for each job that runs. Whoever has these two methods will do. */
export interface Limiter {
  /** The wait for a token for a job, told apart by identity. Withdrawn, it has taken none. */
  acquire(borrower: object): Wait<void>;
  /** Gives the token back: nothing of the job runs any more. */
  release(borrower: object): void;
}

/** What a JobLimiter counts. */
export interface JobLimiterStatistics {
  readonly borrowedTokens: number;
  readonly totalTokens: number;
  readonly jobsWaiting: number;
}

interface Waiting {
  readonly borrower: object;
  readonly resume: (outcome: Outcome<void>) => void;
}

/**
 * A number of tokens, one for each job that runs: a limit that executors can share. Tokens go round in the order of asking, and
 * their number can be changed while they are out. A job holds its token until its thread is done with it, also when it was
 * abandoned.
 *
 * A job that waits for another one of the same limiter keeps its token meanwhile: with the last one that waits for ever.
 *
 * Source: Trio's CapacityLimiter, for threads. Flavor: either.
 *
 * @example
 * ```ts
 * import { JobLimiter } from "@trestle/executor";
 *
 * const limiter = new JobLimiter(4);
 * limiter.totalTokens = 8;
 * ```
 */
export class JobLimiter implements Limiter {
  #totalTokens: number;
  readonly #borrowers = new Set<object>();
  readonly #queue = new Set<Waiting>();

  /**
   * @param totalTokens a whole number, 0 or more, or Infinity
   * @throws ArgumentError for other values
   */
  constructor(totalTokens: number) {
    this.#totalTokens = checkTokens(totalTokens);
  }

  /** How many jobs may run. Raised, it lets waiting jobs start at once; lowered, those that run go on. */
  get totalTokens(): number {
    return this.#totalTokens;
  }

  set totalTokens(totalTokens: number) {
    this.#totalTokens = checkTokens(totalTokens);
    this.#handOut();
  }

  get borrowedTokens(): number {
    return this.#borrowers.size;
  }

  /** What is left; negative while more are out than there may be. */
  get availableTokens(): number {
    return this.#totalTokens - this.#borrowers.size;
  }

  acquire(borrower: object): Wait<void> {
    return (resume) => {
      if (this.availableTokens > 0 && this.#queue.size === 0) {
        this.#borrowers.add(borrower);
        resume(success());
        return () => "committed";
      }
      const waiting = { borrower, resume };
      this.#queue.add(waiting);
      return () => {
        this.#queue.delete(waiting);
        return "withdrawn";
      };
    };
  }

  release(borrower: object): void {
    if (!this.#borrowers.delete(borrower)) {
      throw new ArgumentError(
        `Cannot release a token of the limiter: ${describe(borrower)} has none.`,
      );
    }
    this.#handOut();
  }

  statistics(): JobLimiterStatistics {
    return {
      borrowedTokens: this.#borrowers.size,
      totalTokens: this.#totalTokens,
      jobsWaiting: this.#queue.size,
    };
  }

  #handOut(): void {
    for (const waiting of this.#queue) {
      if (this.availableTokens <= 0) return;
      this.#queue.delete(waiting);
      this.#borrowers.add(waiting.borrower);
      waiting.resume(success());
    }
  }
}

function checkTokens(totalTokens: number): number {
  if (
    totalTokens === Number.POSITIVE_INFINITY ||
    (Number.isInteger(totalTokens) && totalTokens >= 0)
  )
    return totalTokens;
  throw new ArgumentError(
    `Cannot limit to ${describe(totalTokens)} tokens: a whole number, 0 or more, or Infinity is wanted.`,
  );
}
