// A call that another runtime has the loop make: it gets its async context, which nobody else runs in.
import { keepContext, runKept, type Context } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import { internals } from "./internals.js";
import type { Ready } from "./ready.js";

/** What has a turn in the loop. */
export interface ContextCallee {
  /** Its turn has come, at the loop's place, in a copy of the async context that it was queued in. */
  start(context: Context): void;
}

/** Something that starts in a turn of the loop. */
export class ContextCall implements Ready {
  readonly withdrawn = false;
  readonly #loop: EventLoop;
  readonly #callee: ContextCallee;
  readonly #context: Context = keepContext();

  constructor(loop: EventLoop, callee: ContextCallee) {
    this.#loop = loop;
    this.#callee = callee;
  }

  step(): boolean {
    // What was added while the loop closed: only what waits is told of the end.
    if (this.#loop.isClosed()) return true;
    try {
      runKept(this.#context, this.#loop[internals].place, start, [this.#callee, this.#context]);
    } catch (exception) {
      this.#loop.callExceptionHandler({ message: "A call of another runtime failed", exception });
    }
    return false;
  }

  describe(): string {
    return "a call of another runtime";
  }
}

function start(callee: ContextCallee, context: Context): void {
  callee.start(context);
}
