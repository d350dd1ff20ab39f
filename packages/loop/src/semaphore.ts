import { checkCount } from "./check-count.js";
import { requireLoop } from "./current.js";
import { Held, holding } from "./hold.js";
import { Line } from "./line.js";
import { LoopBinding } from "./loop-binding.js";
import { checkSignal, type SignalOption } from "./signal-option.js";

const ACQUIRE = "acquire the semaphore";

/**
 * A number of slots, of which each `acquire` takes one and each `release` gives one back, in the order of waiting. Who did not
 * acquire may release: that makes one slot more.
 *
 * It belongs to the loop in which somebody first had to wait for it.
 *
 * Source: asyncio; `hold`, what `acquire` gives and `signal` are ours. Flavor: loop; `release` and `locked` may be called from
 * anywhere.
 *
 * @example
 * ```ts
 * import { gather, run, Semaphore, sleep } from "@trestle/loop";
 *
 * await run(async () => {
 *   const two = new Semaphore(2);
 *   const jobs = Array.from({ length: 6 }, () => () => two.hold(() => sleep(10)));
 *   await gather(jobs); // 30 ms
 * });
 * ```
 */
export class Semaphore {
  readonly #line = new Line(new LoopBinding(), "a semaphore");
  #value: number;
  /** Those who have a slot and have not had their turn. */
  #woken = 0;

  /**
   * @param value how many slots are free, a whole number, 0 or more
   * @throws ArgumentError
   */
  constructor(value = 1) {
    this.#value = checkCount(value, 0, "make a semaphore with");
  }

  /** How many slots are free. */
  get value(): number {
    return this.#value;
  }

  /** Whether `acquire` would wait: no slot is free, or others come first. */
  locked(): boolean {
    return this.#value === 0 || this.#woken > 0 || this.#line.hasPending;
  }

  /**
   * Waits until a slot is free and all who came before have had one, and takes it; at once where nobody is before. Cancelling
   * the task ends the wait, and then no slot is taken.
   *
   * @returns something to dispose of at the end of a block, by `await using`; or call `release`
   * @throws the reason of `signal`; NoLoopError; WrongLoopError; ArgumentError
   */
  async acquire(options?: SignalOption): Promise<Held> {
    requireLoop(ACQUIRE);
    checkSignal(options, ACQUIRE);
    if (this.locked()) await this.#wait(options);
    else this.#value--;
    return new Held(this);
  }

  /** Gives a slot back: the first who waits has it, and goes on in the loop's next iteration. */
  release(): void {
    this.#value++;
    this.#wakeFirst();
  }

  /** Runs a body while holding a slot. Waits for the slot and for the body, and gives what that returns. */
  hold<T>(body: () => PromiseLike<T>, options?: SignalOption): Promise<T> {
    return holding(this, body, options);
  }

  async #wait(options: SignalOption | undefined): Promise<void> {
    const member = this.#line.join(ACQUIRE, options);
    try {
      await member;
    } catch (error) {
      // It had a slot, but cannot take it.
      if (member.isWoken) this.#value++;
      throw error;
    } finally {
      if (member.isWoken) this.#woken--;
      this.#line.leave(member);
      // Those who came while others were before them had to wait, though there were slots.
      while (this.#value > 0 && this.#wakeFirst());
    }
  }

  #wakeFirst(): boolean {
    if (!this.#line.wakeFirst()) return false;
    this.#value--;
    this.#woken++;
    return true;
  }
}
