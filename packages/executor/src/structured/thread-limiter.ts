// Limits of the structured runtime, for jobs. One is asked for by a task, as everything that waits; where no task is, as in a
// loop that runs inside a structured program, a system task asks.
import { failure, success, type Abortion, type Wait } from "@trestle/host";
import {
  CancelScope,
  CapacityLimiter,
  isCancelled,
  RunVar,
  WouldBlock,
  type Operation,
} from "@trestle/structured";
import { currentRunToken, spawnSystemTask, type RunToken } from "@trestle/structured/lowlevel";
import { availableParallelism } from "node:os";
import type { Limiter } from "../job-limiter.js";

/** What hands out tokens to jobs: a CapacityLimiter, or whatever has these two methods. */
export interface ThreadLimiter {
  /** Waits for a token for somebody, told apart by identity. */
  acquireOnBehalfOf(borrower: object): Operation<void>;
  /** Gives it back. */
  releaseOnBehalfOf(borrower: object): void;
}

const LEAST_TOKENS = 4;

const defaultLimiter = new RunVar<CapacityLimiter | undefined>("the limit of jobs in threads", {
  defaultValue: undefined,
});

/**
 * Gives the limiter of jobs in threads that name none, of which each run has one. It has as many tokens as the machine runs threads at a
 * time, and four at least; set its `totalTokens` to change that.
 *
 * Source: Trio's `current_default_thread_limiter`. Flavor: structured. It waits for nothing.
 *
 * @throws NoRunError outside of a run
 * @example
 * ```ts
 * import { currentDefaultThreadLimiter } from "@trestle/executor/structured";
 * import { run } from "@trestle/structured";
 *
 * await run(function* () {
 *   currentDefaultThreadLimiter().totalTokens = 16;
 * });
 * ```
 */
export function currentDefaultThreadLimiter(): CapacityLimiter {
  const limiter = defaultLimiter.get();
  if (limiter !== undefined) return limiter;
  const made = new CapacityLimiter(Math.max(LEAST_TOKENS, availableParallelism()));
  defaultLimiter.set(made);
  return made;
}

/** A token that a task has got already, for the job that it submits. */
export class HeldToken implements Limiter {
  readonly #release: () => void;
  #isOut = true;

  constructor(release: () => void) {
    this.#release = release;
  }

  /** Whether a job has it now, and gives it back itself. */
  isTaken = false;

  acquire(): Wait<void> {
    return (resume) => {
      this.isTaken = true;
      resume(success());
      return () => "committed";
    };
  }

  release(): void {
    if (!this.#isOut) return;
    this.#isOut = false;
    this.#release();
  }
}

/** A limiter of the structured runtime for jobs that no task submits. To be made in a run. */
export class LimiterOfRun implements Limiter {
  readonly #limiter: ThreadLimiter;
  readonly #run: RunToken;

  constructor(limiter: ThreadLimiter) {
    this.#limiter = limiter;
    this.#run = currentRunToken();
  }

  acquire(borrower: object): Wait<void> {
    return (resume) => {
      if (this.#acquireNowait(borrower)) {
        resume(success());
        return () => "committed";
      }
      const scope = new CancelScope();
      let isOver = false;
      const acquire = (): Operation<void> => this.#limiter.acquireOnBehalfOf(borrower);
      const limiter = this.#limiter;
      function* ask(): Operation<void> {
        try {
          const { cancelledCaught } = yield* scope.run(acquire);
          if (cancelledCaught) return;
          // Withdrawn in the moment of the hand-over.
          if (isOver) limiter.releaseOnBehalfOf(borrower);
          else resume(success());
        } catch (error) {
          if (!isOver) resume(failure(error));
          if (isCancelled(error)) throw error;
        }
      }
      this.#run.runSoon(() => void spawnSystemTask(ask));
      return (): Abortion => {
        isOver = true;
        scope.cancel("the job was cancelled");
        return "withdrawn";
      };
    };
  }

  release(borrower: object): void {
    this.#limiter.releaseOnBehalfOf(borrower);
  }

  #acquireNowait(borrower: object): boolean {
    if (!(this.#limiter instanceof CapacityLimiter)) return false;
    try {
      this.#limiter.acquireOnBehalfOfNowait(borrower);
      return true;
    } catch (error) {
      if (error instanceof WouldBlock) return false;
      throw error;
    }
  }
}
