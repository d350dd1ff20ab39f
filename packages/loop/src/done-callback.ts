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
  readonly fn: (argument: never) => unknown;
  readonly #core: FutureCore;
  readonly #context: Context | undefined;
  readonly #argument: unknown;
  #isWaiting = false;

  /** @param argument what the function is called with; the future unless given */
  constructor(
    core: FutureCore,
    fn: (argument: never) => unknown,
    context: Context | undefined,
    argument: unknown = core.future,
  ) {
    this.#core = core;
    this.fn = fn;
    this.#context = context;
    this.#argument = argument;
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
      this.fn(this.#argument as never);
      return true;
    }
    try {
      runKept(this.#context, this.#core.loop.place, this.fn, [this.#argument as never]);
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

/** A callback of another runtime, which needs no context and throws nothing, and does with its turn as it likes. */
export class CrossingCallback extends DoneCallback {
  constructor(core: FutureCore, fn: (argument: never) => unknown, argument: unknown) {
    super(core, fn, undefined, argument);
  }

  override step(): boolean {
    super.step();
    return false;
  }
}
