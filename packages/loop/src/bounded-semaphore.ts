import { InvalidStateError } from "./invalid-state-error.js";
import { Semaphore } from "./semaphore.js";

/**
 * A semaphore that never has more slots than it began with: to release more often than it was acquired is an error.
 *
 * Source: asyncio. Flavor: loop.
 *
 * @example
 * ```ts
 * import { BoundedSemaphore, run } from "@trestle/loop";
 *
 * await run(async () => {
 *   const connections = new BoundedSemaphore(10);
 *   await using slot = await connections.acquire();
 * });
 * ```
 */
export class BoundedSemaphore extends Semaphore {
  readonly #bound: number;

  /**
   * @param value how many slots there are, a whole number, 0 or more
   * @throws ArgumentError
   */
  constructor(value = 1) {
    super(value);
    this.#bound = value;
  }

  /**
   * Gives a slot back: the first who waits has it, and goes on in the loop's next iteration.
   *
   * @throws InvalidStateError where all slots are free
   */
  override release(): void {
    if (this.value >= this.#bound) {
      throw new InvalidStateError(
        `Cannot release the semaphore: it was acquired less often, all its ${this.#bound} slots are free.\nUse 'hold', which releases once.`,
      );
    }
    super.release();
  }
}
