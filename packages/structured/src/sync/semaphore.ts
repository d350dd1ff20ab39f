import { ArgumentError, describe } from "@trestle/host";
import { LinkedList } from "../linked-list.js";
import type { Operation, StructuredFunction } from "../operation.js";
import { holding } from "./hold.js";
import { ReleaseError, WouldBlock } from "./resource-errors.js";
import { Waiter, type Waitable } from "./waiter.js";

/** What a Semaphore counts. */
export interface SemaphoreStatistics {
  readonly tasksWaiting: number;
}

/** What a Semaphore may be told. */
export interface SemaphoreOptions {
  /** The most that `release` may count up to; unlimited unless given. */
  readonly maxValue?: number;
}

/**
 * A counter that `acquire` takes one from, waiting while it is zero, and `release` adds one to. It belongs to nobody; where
 * holders matter, take a CapacityLimiter.
 *
 * Source: Trio's Semaphore. Flavor: structured; `release` may be called from anywhere.
 *
 * @example
 * ```ts
 * import { run, Semaphore, sleep } from "@trestle/structured";
 *
 * const two = new Semaphore(2);
 * await run(() => two.hold(() => sleep(10)));
 * ```
 */
export class Semaphore implements Waitable<void, undefined> {
  #value: number;
  readonly #maxValue: number;
  readonly #queue = new LinkedList<Waiter<void>>();

  /**
   * @param initialValue a whole number, 0 or more
   * @throws ArgumentError for other values, or a maximum that is no whole number or is below the initial one
   */
  constructor(initialValue: number, options: SemaphoreOptions = {}) {
    const { maxValue = Infinity } = options;
    if (!Number.isInteger(initialValue) || initialValue < 0) {
      throw new ArgumentError(
        `Cannot make a 'Semaphore' of ${describe(initialValue)}: a whole number, 0 or more, is wanted.`,
      );
    }
    if (!Number.isInteger(maxValue) && maxValue !== Infinity) {
      throw new ArgumentError(
        `Cannot make a 'Semaphore' with maxValue ${describe(maxValue)}: a whole number is wanted.`,
      );
    }
    if (maxValue < initialValue) {
      throw new ArgumentError(
        `Cannot make a 'Semaphore' with maxValue ${describe(maxValue)}: it is below the initial value.`,
      );
    }
    this.#value = initialValue;
    this.#maxValue = maxValue;
  }

  /** What is left to acquire. */
  get value(): number {
    return this.#value;
  }

  /** Waits for one, in the order of asking. A cancellation ends the wait, and then nothing was taken. */
  acquire(): Operation<void> {
    return new Waiter(this, undefined);
  }

  /** Takes one if there is one. @throws WouldBlock */
  acquireNowait(): void {
    if (!this.#take()) throw new WouldBlock("acquire a semaphore");
  }

  /**
   * Gives one back: to the task that has waited longest, at once, or to the counter.
   *
   * @throws ReleaseError beyond `maxValue`
   */
  release(): void {
    const heir = this.#queue.first;
    if (heir !== null) {
      heir.succeed();
    } else if (this.#value >= this.#maxValue) {
      throw new ReleaseError(
        `Cannot release the semaphore: it is at its maximum of ${this.#maxValue} already.`,
      );
    } else {
      this.#value++;
    }
  }

  /** Runs a body while holding one. Waits for it and for the body. */
  hold<A extends unknown[], T>(body: StructuredFunction<A, T>, ...args: A): Operation<T> {
    return holding(this, body, args);
  }

  statistics(): SemaphoreStatistics {
    return { tasksWaiting: this.#queue.size };
  }

  /** @internal */
  awaited(): string {
    return "a semaphore";
  }

  /** @internal */
  attempt(waiter: Waiter<void>): boolean {
    return this.#take() || waiter.enqueue(this.#queue);
  }

  #take(): boolean {
    if (this.#value === 0) return false;
    this.#value--;
    return true;
  }
}
