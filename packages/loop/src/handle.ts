// A callback in the queue, and what its owner has in hand.
import type { TimerEntry } from "@trestle/host";
import { keepContext, runKept, type Context } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import { internals } from "./internals.js";
import type { Ready } from "./ready.js";

/** A callback that was given to the loop. Source: asyncio. */
export interface Handle {
  /** Takes the callback back; after it was called, or twice, nothing happens. */
  cancel(): void;
  /** Whether it was taken back. */
  cancelled(): boolean;
}

/** A callback that waits for its instant. Source: asyncio. */
export interface TimerHandle extends Handle {
  /** The instant, in milliseconds of the loop's `time()`. */
  readonly when: number;
}

type Callback = (...args: never[]) => unknown;

/** A call that the loop will make, in the async context of whoever asked for it. */
export class ScheduledCall implements TimerHandle, TimerEntry, Ready {
  readonly rank = 0;
  sequence = 0;
  queued = false;
  withdrawn = false;
  readonly when: number;
  readonly #loop: EventLoop;
  readonly #fn: Callback;
  readonly #args: unknown[];
  readonly #context: Context = keepContext();

  constructor(loop: EventLoop, when: number, fn: Callback, args: unknown[]) {
    this.when = when;
    this.#loop = loop;
    this.#fn = fn;
    this.#args = args;
  }

  cancel(): void {
    this.withdrawn = true;
    if (this.queued) this.#loop[internals].scheduler.removeTimer(this);
  }

  cancelled(): boolean {
    return this.withdrawn;
  }

  step(): boolean {
    // What was added while the loop closed: only what waits is told of the end.
    if (this.#loop.isClosed()) return true;
    try {
      runKept(this.#context, this.#loop[internals].place, this.#fn, this.#args as never[]);
    } catch (error) {
      const message = `Callback '${this.#fn.name || "anonymous"}' failed`;
      this.#loop.callExceptionHandler({ message, exception: error, handle: this });
    }
    return false;
  }
}
