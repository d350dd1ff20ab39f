import { LinkedList } from "../linked-list.js";
import type { Operation } from "../operation.js";
import { Waiter, type Waitable } from "./waiter.js";

/** What an Event counts. */
export interface EventStatistics {
  readonly tasksWaiting: number;
}

/**
 * Something that happens once. All who wait are woken when it is set, and later ones do not wait.
 *
 * Source: Trio's Event. Flavor: structured; `set` may be called from anywhere, also from plain callbacks.
 *
 * @example
 * ```ts
 * import { Event, openNursery, run } from "@trestle/structured";
 *
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     const ready = new Event();
 *     nursery.startSoon(() => ready.wait());
 *     ready.set();
 *   }),
 * );
 * ```
 */
export class Event implements Waitable<void, undefined> {
  #isSet = false;
  readonly #queue = new LinkedList<Waiter<void>>();

  get isSet(): boolean {
    return this.#isSet;
  }

  /** Sets it, once and for all, and wakes all who wait. */
  set(): void {
    this.#isSet = true;
    for (let waiter = this.#queue.first; waiter !== null; waiter = this.#queue.first)
      waiter.succeed();
  }

  /** Waits until it is set; a checkpoint where it is already. A cancellation ends the wait. */
  wait(): Operation<void> {
    return new Waiter(this, undefined);
  }

  statistics(): EventStatistics {
    return { tasksWaiting: this.#queue.size };
  }

  /** @internal */
  awaited(): string {
    return "an event";
  }

  /** @internal */
  attempt(waiter: Waiter<void>): boolean {
    return this.#isSet || waiter.enqueue(this.#queue);
  }
}
