// What a loop and the block of `openLoop` around it know of each other: the nursery for structured calls, how many of these
// are alive, and the errors that have nobody else to see them.
import { Event, type Nursery, type Operation } from "@trestle/structured";

export class LoopBlock {
  /** Where structured calls run, once the block is set up. */
  nursery: Nursery | undefined;
  /** The nursery around the body: cancelling it ends the body. */
  outer: Nursery | undefined;
  /** The errors of the background, in the order of their coming. */
  readonly errors: unknown[] = [];
  #calls = 0;
  #waiting: Event | undefined;

  /** Ends the block with an error. */
  terminate(error: unknown): void {
    this.errors.push(error);
    this.outer?.cancelScope.cancel(error);
  }

  /** How many structured calls are queued or run. */
  get calls(): number {
    return this.#calls;
  }

  callBegan(): void {
    this.#calls++;
  }

  callEnded(): void {
    this.#calls--;
    this.changed();
  }

  /** Something ended that a shutdown may wait for. */
  changed(): void {
    this.#waiting?.set();
    this.#waiting = undefined;
  }

  /** Waits for the next change. */
  nextChange(): Operation<void> {
    this.#waiting ??= new Event();
    return this.#waiting.wait();
  }
}
