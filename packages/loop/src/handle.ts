// A callback in the queue, and what its owner has in hand.
import type { TimerEntry } from "@trestle/host";
import { keepContext, runKept, type Context } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import { internals } from "./internals.js";
import type { Ready } from "./ready.js";
import { stackAbove } from "./source-stack.js";
import { warn } from "./warn.js";

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
  /** Where the call was asked for, in debug mode. */
  #stack: string | undefined;

  constructor(loop: EventLoop, when: number, fn: Callback, args: unknown[]) {
    this.when = when;
    this.#loop = loop;
    this.#fn = fn;
    this.#args = args;
    if (loop[internals].debug.isOn) this.#stack = stackAbove(ScheduledCall);
  }

  describe(): string {
    return `callback '${this.#fn.name || "anonymous"}'`;
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
    const { place, debug } = this.#loop[internals];
    try {
      const returned = runKept(this.#context, place, this.#fn, this.#args as never[]);
      if (debug.isOn) this.#checkReturned(returned);
    } catch (error) {
      const message = `C${this.describe().slice(1)} failed`;
      const sourceStack = this.#stack;
      this.#loop.callExceptionHandler({ message, exception: error, handle: this, sourceStack });
    }
    return false;
  }

  /** A Future has its loop, which reports its failure; the end of any other promise nobody sees. */
  #checkReturned(returned: unknown): void {
    if (!(returned instanceof Promise)) return;
    warn(
      "TRESTLE_NEVER_AWAITED",
      `Cannot wait for what ${this.describe()} has returned: it is a promise, and nobody awaits it.\n` +
        `Start the work by 'loop.createTask' in the callback. The callback was given\n${this.#stack ?? ""}`,
    );
  }
}
