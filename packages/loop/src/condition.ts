// A condition: a lock, and a line of those who wait under it for news.
//
//   waits ── notified ──────────────▶ takes the lock again ──▶ goes on
//     └── cancelled, or aborted ───▶ takes the lock again ──▶ notifies the next, and throws
//
// Taking the lock again cannot be cancelled: a cancellation that comes meanwhile is thrown when the lock is held. One who was
// notified and then throws hands the news on, to somebody who may find nothing new: so whoever waits looks again.
import { ArgumentError, describe } from "@trestle/host";
import { CancelledError } from "./cancelled-error.js";
import { requireLoop } from "./current.js";
import { holding, type Held } from "./hold.js";
import { InvalidStateError } from "./invalid-state-error.js";
import { Line } from "./line.js";
import { Lock } from "./lock.js";
import { isOperation } from "./loop-function.js";
import { LoopBinding } from "./loop-binding.js";
import { checkSignal, type SignalOption } from "./signal-option.js";

const WAIT = "wait for the condition";

/** How to wait for a condition. */
export interface ConditionOptions extends SignalOption {
  /** What is waited for, in a few words, for reports of what is stuck. */
  readonly description?: string | undefined;
}

/**
 * A lock under which tasks wait until others tell them that something has changed.
 *
 * Source: asyncio (of CPython 3.13); `hold`, what `acquire` gives and the options are ours. Flavor: loop; `notify`,
 * `notifyAll`, `release` and `locked` may be called from anywhere.
 *
 * @example
 * ```ts
 * import { Condition, createTask, run } from "@trestle/loop";
 *
 * await run(async () => {
 *   const changed = new Condition();
 *   const jobs: string[] = [];
 *   const worker = createTask(() =>
 *     changed.hold(async () => {
 *       await changed.waitFor(() => jobs.length > 0);
 *       console.log(jobs.shift());
 *     }),
 *   );
 *   await changed.hold(async () => {
 *     jobs.push("sweep");
 *     changed.notify();
 *   });
 *   await worker;
 * });
 * ```
 */
export class Condition {
  readonly #lock: Lock;
  readonly #line = new Line(new LoopBinding(), "a condition");

  /**
   * @param lock the lock to use, a new one unless given; several conditions may share one
   * @throws ArgumentError for what is no Lock
   */
  constructor(lock: Lock = new Lock()) {
    if (!isLock(lock)) {
      throw new ArgumentError(
        `Cannot make a condition with ${describe(lock)}: a Lock is wanted, or nothing.`,
      );
    }
    this.#lock = lock;
  }

  /** Whether somebody holds the lock. */
  locked(): boolean {
    return this.#lock.locked();
  }

  /** Waits for the lock. See `Lock.acquire`. */
  acquire(options?: SignalOption): Promise<Held> {
    return this.#lock.acquire(options);
  }

  /** Lets go of the lock. @throws InvalidStateError where nobody holds it */
  release(): void {
    this.#lock.release();
  }

  /** Runs a body while holding the lock. Waits for the lock and for the body, and gives what that returns. */
  hold<T>(body: () => PromiseLike<T>, options?: SignalOption): Promise<T> {
    return holding(this.#lock, body, options);
  }

  /**
   * Lets go of the lock, waits to be notified, and takes the lock again. Look then whether what you wait for is there: others may
   * have been faster, and it may end without need.
   *
   * Cancelling the task ends the wait. The lock is held afterwards in any case: taking it again takes as long as others hold it.
   *
   * @throws InvalidStateError where nobody holds the lock; the reason of `signal`; NoLoopError; WrongLoopError; ArgumentError
   */
  async wait(options?: ConditionOptions): Promise<void> {
    requireLoop(WAIT);
    checkSignal(options, WAIT);
    this.#requireLocked(WAIT);
    const member = this.#line.join(WAIT, options, options?.description);
    this.#lock.release();
    try {
      try {
        await member;
      } finally {
        this.#line.leave(member);
        await this.#acquireAgain();
      }
    } catch (error) {
      this.#wake(1);
      throw error;
    }
  }

  /**
   * Waits, again and again, until a predicate holds, and gives what that returned. It is called while the lock is held: at once,
   * and after each notification. Cancelling the task ends it as it ends `wait`.
   *
   * @throws what the predicate throws; ArgumentError where it gives a promise or an operation, or is no function; otherwise as
   * `wait`
   */
  async waitFor<T>(predicate: () => T, options?: ConditionOptions): Promise<T> {
    let answer = ask(predicate);
    while (!answer) {
      await this.wait(options);
      answer = ask(predicate);
    }
    return answer;
  }

  /**
   * Notifies those who have waited longest. They go on when they have taken the lock, one after another.
   *
   * @param count how many at most, 0 or more, or Infinity
   * @throws InvalidStateError where nobody holds the lock; ArgumentError for other counts
   */
  notify(count = 1): void {
    if (typeof count !== "number" || !(count >= 0)) {
      throw new ArgumentError(
        `Cannot notify ${describe(count)} of those who wait for the condition: a number is wanted, 0 or more.`,
      );
    }
    this.#requireLocked("notify the condition");
    this.#wake(count);
  }

  /** Notifies all who wait. @throws InvalidStateError where nobody holds the lock */
  notifyAll(): void {
    this.notify(Number.POSITIVE_INFINITY);
  }

  #wake(count: number): void {
    for (let left = count; left > 0 && this.#line.wakeFirst(); left--);
  }

  /** Takes the lock, however often that is cancelled; the last of the cancellations is thrown then. */
  async #acquireAgain(): Promise<void> {
    let cancelled: CancelledError | undefined;
    for (;;) {
      try {
        await this.#lock.acquire();
        break;
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
        cancelled = error;
      }
    }
    if (cancelled !== undefined) throw cancelled;
  }

  #requireLocked(action: string): void {
    if (this.#lock.locked()) return;
    throw new InvalidStateError(
      `Cannot ${action}: nobody holds its lock.\nDo it inside of 'condition.hold(body)'.`,
    );
  }
}

/** Also a lock of another copy of this package. */
function isLock(lock: unknown): lock is Lock {
  const { acquire, release, locked } = (lock ?? {}) as Partial<Lock>;
  return [acquire, release, locked].every((method) => typeof method === "function");
}

function ask<T>(predicate: () => T): T {
  if (typeof predicate !== "function") {
    throw new ArgumentError(
      `Cannot ${WAIT} with ${describe(predicate)} as the predicate: a function is wanted.\nGive the function itself, which is called again and again.`,
    );
  }
  const answer = predicate();
  // A promise or an operation would always hold.
  if (typeof answer !== "object" || answer === null) return answer;
  if (!("then" in answer) && !isOperation(answer)) return answer;
  throw new ArgumentError(
    `Cannot ${WAIT} with a predicate that gives ${describe(answer)}: it would always hold.\nGive a function that answers at once, not an async one or a generator.`,
  );
}
