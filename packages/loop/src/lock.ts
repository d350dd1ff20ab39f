import { requireLoop } from "./current.js";
import { Held, holding } from "./hold.js";
import { InvalidStateError } from "./invalid-state-error.js";
import { Line } from "./line.js";
import { LoopBinding } from "./loop-binding.js";
import { checkSignal, type SignalOption } from "./signal-option.js";

const ACQUIRE = "acquire the lock";

/**
 * A lock that one at a time holds, handed on in the order of waiting. It belongs to no task: who did not acquire it may release
 * it, and a task that acquires it twice waits for itself.
 *
 * It belongs to the loop in which somebody first had to wait for it.
 *
 * Source: asyncio; `hold`, what `acquire` gives and `signal` are ours. Flavor: loop; `release` and `locked` may be called from
 * anywhere.
 *
 * @example
 * ```ts
 * import { gather, Lock, run, sleep } from "@trestle/loop";
 *
 * await run(async () => {
 *   const lock = new Lock();
 *   await gather([() => lock.hold(() => sleep(10)), () => lock.hold(() => sleep(10))]); // 20 ms
 * });
 * ```
 */
export class Lock {
  readonly #line = new Line(new LoopBinding(), "a lock");
  #isLocked = false;

  /** Whether somebody holds it. */
  locked(): boolean {
    return this.#isLocked;
  }

  /**
   * Waits until the lock is free and all who came before have had it, and takes it; at once where nobody holds it or waits.
   * Cancelling the task ends the wait, and then the lock is not held.
   *
   * @returns something to dispose of at the end of a block, by `await using`; or call `release`
   * @throws the reason of `signal`; NoLoopError; WrongLoopError; ArgumentError
   */
  async acquire(options?: SignalOption): Promise<Held> {
    requireLoop(ACQUIRE);
    checkSignal(options, ACQUIRE);
    if (this.#isLocked || !this.#haveAllGivenUp()) await this.#wait(options);
    this.#isLocked = true;
    return new Held(this);
  }

  /**
   * Lets go of the lock: the first who waits takes it in the loop's next iteration.
   *
   * @throws InvalidStateError where nobody holds it
   */
  release(): void {
    if (!this.#isLocked) {
      throw new InvalidStateError(
        "Cannot release the lock: nobody holds it.\nUse 'hold', which releases once.",
      );
    }
    this.#isLocked = false;
    this.#wakeFirst();
  }

  /** Runs a body while holding the lock. Waits for the lock and for the body, and gives what that returns. */
  hold<T>(body: () => PromiseLike<T>, options?: SignalOption): Promise<T> {
    return holding(this, body, options);
  }

  async #wait(options: SignalOption | undefined): Promise<void> {
    const member = this.#line.join(ACQUIRE, options);
    try {
      await member;
    } catch (error) {
      this.#line.leave(member);
      // It may have been woken before, or somebody may have counted on its turn.
      if (!this.#isLocked) this.#wakeFirst();
      throw error;
    }
    this.#line.leave(member);
  }

  /** Whoever is woken stays first in line until it has its turn; one who gave up then wakes the next. */
  #wakeFirst(): void {
    const { first } = this.#line;
    if (first?.done() === false) first.setResult();
  }

  #haveAllGivenUp(): boolean {
    for (let member = this.#line.first; member !== undefined; member = member.after) {
      if (!member.done() || member.isWoken) return false;
    }
    return true;
  }
}
