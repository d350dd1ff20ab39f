import { keepContext, runKept, type Context } from "./current.js";
import type { Future } from "./future.js";
import { internals } from "./internals.js";
import type { Ready } from "./ready.js";
import type { Wait } from "./waits.js";

/** A callback that somebody has added to a future: it is called through the loop, in the async context of the adding. */
export class DoneCallback implements Ready, Wait {
  withdrawn = false;
  isDone = false;
  previous: Wait | undefined;
  next: Wait | undefined;
  readonly future: Future<unknown>;
  readonly fn: (future: never) => unknown;
  readonly #context: Context = keepContext();
  #isWaiting = false;

  constructor(future: Future<unknown>, fn: (future: never) => unknown) {
    this.future = future;
    this.fn = fn;
  }

  /** The future is pending: the callback counts among what waits. */
  startWait(): void {
    this.#isWaiting = true;
    this.future.loop[internals].outside.startWait(this);
  }

  /** The future forgets the callback. */
  withdraw(): void {
    this.withdrawn = true;
    this.isDone = true;
    this.#endWait();
  }

  step(): boolean {
    this.isDone = true;
    this.#endWait();
    try {
      runKept(this.#context, this.future.loop[internals].place, this.fn, [this.future as never]);
    } catch (error) {
      const message = `A callback of ${this.future.describe()} failed`;
      this.future.loop.callExceptionHandler({ message, exception: error, future: this.future });
    }
    return false;
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
