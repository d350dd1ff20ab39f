import type { FutureCore } from "./future-core.js";
import type { Future } from "./future.js";
import type { Ready } from "./ready.js";
import type { Wait } from "./waits.js";

/**
 * A future's callback of another runtime: it needs no context, throws nothing, and does with its turn as it likes. One is made at
 * each call across, and V8 takes twice as long to make one of a class that extends another: so it is no DoneCallback.
 */
export class CrossingCallback implements Ready, Wait {
  readonly withdrawn = false;
  isDone = false;
  previous: Wait | undefined;
  next: Wait | undefined;
  readonly #core: FutureCore;
  readonly #fn: (argument: never) => void;
  readonly #argument: unknown;
  #isWaiting = false;

  constructor(core: FutureCore, fn: (argument: never) => void, argument: unknown) {
    this.#core = core;
    this.#fn = fn;
    this.#argument = argument;
  }

  get future(): Future<unknown> {
    return this.#core.future;
  }

  startWait(): void {
    this.#isWaiting = true;
    this.#core.loop.outside.startWait(this);
  }

  step(): boolean {
    this.isDone = true;
    if (this.#isWaiting) this.#core.loop.outside.endWait(this);
    this.#fn(this.#argument as never);
    return false;
  }

  describe(): string {
    return `another runtime's callback of ${this.future.describe()}`;
  }

  breakOff(): void {
    // It is called when its future is done, and never without.
  }
}
