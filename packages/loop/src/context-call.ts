// A call that another runtime has the loop make.
import { keepContextAt, type Context } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import { internals } from "./internals.js";
import type { Ready } from "./ready.js";

/** What has a turn in the loop. */
export interface ContextCallee {
  /**
   * Its turn has come.
   *
   * @param context a copy of the async context that it was queued in, at the loop's place; nobody else runs in it
   */
  start(context: Context): void;
}

/** Something that starts in a turn of the loop. */
export class ContextCall implements Ready {
  readonly withdrawn = false;
  readonly #loop: EventLoop;
  readonly #callee: ContextCallee;
  readonly #context: Context;

  constructor(loop: EventLoop, callee: ContextCallee) {
    this.#loop = loop;
    this.#callee = callee;
    this.#context = keepContextAt(loop[internals].place);
  }

  step(): boolean {
    // What was added while the loop closed: only what waits is told of the end.
    if (this.#loop.isClosed()) return true;
    try {
      this.#callee.start(this.#context);
    } catch (exception) {
      this.#loop.callExceptionHandler({ message: "A call of another runtime failed", exception });
    }
    return false;
  }

  describe(): string {
    return "a call of another runtime";
  }
}
