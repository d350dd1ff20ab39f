// The bounded queue: how many calls that came from outside of the loop wait for their turn. A call leaves it when it begins, or
// when it is taken back.
import { currentLoop, type EventLoop, type Handle } from "@trestle/loop";
import { inStructuredTask } from "@trestle/structured";
import { LoopQueueFullError } from "./loop-queue-full-error.js";

/** One call that waits. */
export class OutsideCall {
  readonly #queue: OutsideCalls;
  #waits = true;

  constructor(queue: OutsideCalls) {
    this.#queue = queue;
  }

  /** The call has begun, or never will. */
  leave(): void {
    if (!this.#waits) return;
    this.#waits = false;
    this.#queue.left();
  }

  /** Gives the handle such that the call leaves the queue when it is taken back. */
  handle(inner: Handle): Handle {
    return {
      cancel: () => {
        inner.cancel();
        this.leave();
      },
      cancelled: () => inner.cancelled(),
    };
  }
}

/** Those that wait. */
export class OutsideCalls {
  readonly #length: number;
  #waiting = 0;

  constructor(length: number) {
    this.#length = length;
  }

  /** Lets a call in; undefined where the loop itself makes it, which always may. Throws LoopQueueFullError. */
  enter(loop: EventLoop, action: string): OutsideCall | undefined {
    if (!inStructuredTask() && currentLoop() === loop) return undefined;
    if (this.#waiting >= this.#length) throw new LoopQueueFullError(action, this.#length);
    this.#waiting++;
    return new OutsideCall(this);
  }

  left(): void {
    this.#waiting--;
  }
}
