// Who waits for which futures: each await and each done-callback of a future is a Wait, in the list of its owner: the task
// that awaits, or the loop where no task does. A list knows the order, and gives one up in constant time.
import type { CancelledError } from "./cancelled-error.js";
import type { Future } from "./future.js";

/** Something that waits until a future is done. Its list owns the links. */
export interface Wait {
  readonly future: Future<unknown>;
  previous: Wait | undefined;
  next: Wait | undefined;
  /** Where somebody waits, in debug mode. */
  readonly stack?: string | undefined;
  /** Ends the wait with an error; the future goes on. */
  breakOff(error: unknown): void;
}

/** Whose waits they are. */
export interface WaitOwner {
  startWait(wait: Wait): void;
  endWait(wait: Wait): void;
  /** Gives the error of a cancellation that found nothing to cancel, once: it comes at the next wait that ends. */
  takeCancellation(): CancelledError | undefined;
  /** Who that is, for reports. */
  describeOwner(): string;
}

/** The waits of one owner, in the order of their beginning. */
export class WaitList {
  #first: Wait | undefined;
  #last: Wait | undefined;

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  get first(): Wait | undefined {
    return this.#first;
  }

  add(wait: Wait): void {
    wait.previous = this.#last;
    if (this.#last === undefined) this.#first = wait;
    else this.#last.next = wait;
    this.#last = wait;
  }

  remove(wait: Wait): void {
    if (wait.previous === undefined) this.#first = wait.next;
    else wait.previous.next = wait.next;
    if (wait.next === undefined) this.#last = wait.previous;
    else wait.next.previous = wait.previous;
    wait.previous = undefined;
    wait.next = undefined;
  }

  /** Calls back for each wait. The one that is called back for may end meanwhile. */
  forEach(callback: (wait: Wait) => void): void {
    for (let wait = this.#first; wait !== undefined;) {
      const { next } = wait;
      callback(wait);
      wait = next;
    }
  }
}

/** The waits that belong to no task. */
export class OutsideWaits implements WaitOwner {
  readonly waits = new WaitList();

  startWait(wait: Wait): void {
    this.waits.add(wait);
  }

  endWait(wait: Wait): void {
    this.waits.remove(wait);
  }

  takeCancellation(): undefined {
    return undefined;
  }

  describeOwner(): string {
    return "code that no task runs";
  }
}
