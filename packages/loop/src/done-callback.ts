import type { Context } from "./current.js";
import { runIn } from "./current.js";
import type { Future } from "./future.js";
import { internals } from "./internals.js";
import type { Ready } from "./ready.js";
import type { Wait } from "./waits.js";

/** A callback that somebody has added to a future: it is called through the loop, in the async context of the adding. */
export class DoneCallback implements Ready, Wait {
  withdrawn = false;
  previous: Wait | undefined;
  next: Wait | undefined;
  readonly future: Future<unknown>;
  readonly fn: (future: never) => unknown;
  readonly #context: Context;
  #isWaiting = false;

  constructor(future: Future<unknown>, fn: (future: never) => unknown, context: Context) {
    this.future = future;
    this.fn = fn;
    this.#context = context;
  }

  /** The future is pending: the callback counts among what waits. */
  startWait(): void {
    this.#isWaiting = true;
    this.future.loop[internals].outside.startWait(this);
  }

  /** The future forgets the callback. */
  withdraw(): void {
    this.withdrawn = true;
    this.#endWait();
  }

  step(): void {
    this.#endWait();
    try {
      runIn(this.#context, this.fn, [this.future as never]);
    } catch (error) {
      const message = `A callback of ${this.future.describe()} failed`;
      this.future.loop.callExceptionHandler({ message, exception: error, future: this.future });
    }
  }

  breakOff(): void {
    // A callback is called when its future is done, and never without.
  }

  #endWait(): void {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.future.loop[internals].outside.endWait(this);
  }
}
