import { runKept, type Context } from "./current.js";
import type { FutureCore } from "./future-core.js";
import type { Future } from "./future.js";
import type { Ready } from "./ready.js";
import type { Wait } from "./waits.js";

/**
 * A callback of a future, called through the loop: somebody's, in the async context of the adding; or, without a context,
 * this package's own, which is quiet and throws nothing.
 */
export class DoneCallback implements Ready, Wait {
  withdrawn = false;
  isDone = false;
  previous: Wait | undefined;
  next: Wait | undefined;
  readonly fn: (future: never) => unknown;
  readonly #core: FutureCore;
  readonly #context: Context | undefined;
  #isWaiting = false;

  constructor(core: FutureCore, fn: (future: never) => unknown, context: Context | undefined) {
    this.#core = core;
    this.fn = fn;
    this.#context = context;
  }

  get future(): Future<unknown> {
    return this.#core.future;
  }

  /** The future is pending: the callback counts among what waits. */
  startWait(): void {
    this.#isWaiting = true;
    this.#core.loop.outside.startWait(this);
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
    if (this.#context === undefined) {
      this.fn(this.future as never);
      return true;
    }
    try {
      runKept(this.#context, this.#core.loop.place, this.fn, [this.future as never]);
    } catch (error) {
      const { future } = this;
      const message = `A callback of ${future.describe()} failed`;
      const sourceStack = this.#core.stacks?.made;
      future.loop.callExceptionHandler({ message, exception: error, future, sourceStack });
    }
    return false;
  }

  describe(): string {
    return `callback '${this.fn.name || "anonymous"}' of ${this.future.describe()}`;
  }

  breakOff(): void {
    // A callback is called when its future is done, and never without.
  }

  #endWait(): void {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#core.loop.outside.endWait(this);
  }
}
