import { requireLoop } from "./current.js";
import type { Future } from "./future.js";

/**
 * Something that happens: tasks wait until it is set.
 *
 * Source: asyncio. Flavor: loop; `set` and `clear` may be called from anywhere.
 *
 * @example
 * ```ts
 * import { createTask, Event, run } from "@trestle/loop";
 *
 * await run(async () => {
 *   const ready = new Event();
 *   const waiting = createTask(() => ready.wait());
 *   ready.set();
 *   await waiting;
 * });
 * ```
 */
export class Event {
  readonly #waiting = new Set<Future<void>>();
  #isSet = false;

  isSet(): boolean {
    return this.#isSet;
  }

  /** Sets the event: everything that waits goes on, in the order of its waiting. */
  set(): void {
    if (this.#isSet) return;
    this.#isSet = true;
    for (const waiting of this.#waiting) if (!waiting.done()) waiting.setResult();
  }

  /** Unsets the event: who waits from now on waits for the next `set`. */
  clear(): void {
    this.#isSet = false;
  }

  /**
   * Waits until the event is set; not at all where it is. Cancelling the task ends the wait.
   *
   * @throws NoLoopError outside of a loop
   */
  async wait(): Promise<void> {
    const loop = requireLoop("wait for an event");
    if (this.#isSet) return;
    const waiting = loop.createFuture<void>("an event");
    this.#waiting.add(waiting);
    try {
      await waiting;
    } finally {
      this.#waiting.delete(waiting);
    }
  }
}
