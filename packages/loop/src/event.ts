import { requireLoop } from "./current.js";
import { Line } from "./line.js";
import { LoopBinding } from "./loop-binding.js";
import { checkSignal, type SignalOption } from "./signal-option.js";

const WAIT = "wait for an event";

/**
 * Something that happens: tasks wait until it is set.
 *
 * It belongs to the loop in which somebody first had to wait for it.
 *
 * Source: asyncio; `signal` is ours. Flavor: loop; `set` and `clear` may be called from anywhere.
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
  readonly #line = new Line(new LoopBinding(), "an event");
  #isSet = false;

  isSet(): boolean {
    return this.#isSet;
  }

  /** Sets the event: everything that waits goes on, in the order of its waiting. */
  set(): void {
    if (this.#isSet) return;
    this.#isSet = true;
    this.#line.wakeAll();
  }

  /** Unsets the event: who waits from now on waits for the next `set`. */
  clear(): void {
    this.#isSet = false;
  }

  /**
   * Waits until the event is set; not at all where it is. Cancelling the task ends the wait.
   *
   * @throws the reason of `signal`; NoLoopError outside of a loop; WrongLoopError; ArgumentError
   */
  async wait(options?: SignalOption): Promise<void> {
    requireLoop(WAIT);
    checkSignal(options, WAIT);
    if (this.#isSet) return;
    const member = this.#line.join(WAIT, options);
    try {
      await member;
    } finally {
      this.#line.leave(member);
    }
  }
}
