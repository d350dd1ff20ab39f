// The readers and writers of a loop: callbacks that are called as long as a descriptor is ready. Each is armed again when its
// callback has run, so that one which leaves data unread is called again, and everything that it made ready runs before.
import { ArgumentError, describe, type Abort, type Outcome, type Wait } from "@trestle/host";
import { keepContext, runKept, type Context } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import type { Handle } from "./handle.js";
import { internals } from "./internals.js";
import type { Descriptor, IoLayer } from "./io-layer.js";
import type { Ready } from "./ready.js";

/** What a descriptor is to be ready for. */
export type Direction = "reading" | "writing";

/** What is called when a descriptor is ready. */
export interface DescriptorCall {
  readonly fn: (...args: never[]) => unknown;
  readonly args: unknown[];
}

/** A callback of a descriptor. */
class DescriptorWatch implements Handle, Ready {
  withdrawn = false;
  readonly #loop: EventLoop;
  readonly #what: string;
  readonly #wait: Wait<void>;
  readonly #call: DescriptorCall;
  readonly #context: Context = keepContext();
  readonly #rearm: Ready;
  #abort: Abort | undefined;

  /** @param what "reading of descriptor 5" */
  constructor(loop: EventLoop, what: string, wait: Wait<void>, call: DescriptorCall) {
    this.#loop = loop;
    this.#what = what;
    this.#wait = wait;
    this.#call = call;
    this.#rearm = { withdrawn: false, step: () => this.arm() };
  }

  /** Waits for the descriptor, unless it was cancelled. */
  arm(): boolean {
    if (this.withdrawn) return true;
    let isOver = false;
    const abort = this.#wait((outcome) => {
      isOver = true;
      this.#abort = undefined;
      this.#resumed(outcome);
    });
    if (!isOver) this.#abort = abort;
    return true;
  }

  cancel(): void {
    this.withdrawn = true;
    const abort = this.#abort;
    this.#abort = undefined;
    abort?.(undefined);
  }

  cancelled(): boolean {
    return this.withdrawn;
  }

  describe(): string {
    return `the callback for ${this.#what}`;
  }

  step(): boolean {
    const { scheduler, place } = this.#loop[internals];
    if (scheduler.isClosed) return true;
    const { fn, args } = this.#call;
    try {
      runKept(this.#context, place, fn, args as never[]);
    } catch (exception) {
      const message = `The callback for ${this.#what} failed`;
      this.#loop.callExceptionHandler({ message, exception, handle: this });
    }
    scheduler.enqueue(this.#rearm);
    return false;
  }

  #resumed(outcome: Outcome<void>): void {
    if (this.withdrawn) return;
    if (outcome.ok) {
      this.#loop[internals].scheduler.enqueue(this);
      return;
    }
    this.withdrawn = true;
    const message = `Cannot wait for ${this.#what}`;
    this.#loop.callExceptionHandler({ message, exception: outcome.error, handle: this });
  }
}

/** All readers and writers of a loop: at most one of a kind for each descriptor. */
export class DescriptorWatches {
  readonly #loop: EventLoop;
  readonly #watches = new Map<string, DescriptorWatch>();

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /** Adds one, which takes the place of the one that there is. */
  add(layer: IoLayer, descriptor: Descriptor, direction: Direction, call: DescriptorCall): Handle {
    const key = keyOf(descriptor, direction);
    const wait =
      direction === "reading" ? layer.waitReadable(descriptor) : layer.waitWritable(descriptor);
    const watch = new DescriptorWatch(this.#loop, key, wait, call);
    this.#watches.get(key)?.cancel();
    this.#watches.set(key, watch);
    watch.arm();
    return watch;
  }

  /** Takes one out; gives whether it was there and waiting. */
  remove(descriptor: Descriptor, direction: Direction): boolean {
    const key = keyOf(descriptor, direction);
    const watch = this.#watches.get(key);
    if (watch === undefined) return false;
    this.#watches.delete(key);
    const wasWaiting = !watch.withdrawn;
    watch.cancel();
    return wasWaiting;
  }

  removeAll(): void {
    for (const watch of this.#watches.values()) watch.cancel();
    this.#watches.clear();
  }
}

function keyOf(descriptor: Descriptor, direction: Direction): string {
  const fd: unknown = typeof descriptor === "object" ? descriptor?.fd : descriptor;
  if (typeof fd === "number" && Number.isInteger(fd) && fd >= 0)
    return `${direction} of descriptor ${fd}`;
  throw new ArgumentError(
    `Cannot wait for ${direction} of ${describe(descriptor)}: a descriptor is a whole number, 0 or more.\nGive the number, or what has it as 'fd'.`,
  );
}
