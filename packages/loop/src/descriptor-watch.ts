// The readers and writers of a loop: callbacks that are called as long as a descriptor is ready. Each is armed again when its
// callback has run, so that one which leaves data unread is called again; it takes its place behind what it made ready.
import { ArgumentError, describe, type Release } from "@trestle/host";
import { keepContext, runKept, type Context } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import type { Handle } from "./handle.js";
import { internals } from "./internals.js";
import type {
  Descriptor,
  DescriptorWatch,
  DescriptorWatcher,
  Direction,
  IoLayer,
} from "./io-layer.js";
import type { Ready } from "./ready.js";

/** What is called when a descriptor is ready. */
export interface DescriptorCall {
  readonly fn: (...args: never[]) => unknown;
  readonly args: unknown[];
}

/** A callback of a descriptor. It holds the loop's host until it is over. */
class DescriptorHandle implements Handle, Ready, DescriptorWatcher {
  readonly isFromOutside = true;
  withdrawn = false;
  readonly #loop: EventLoop;
  readonly #what: string;
  readonly #call: DescriptorCall;
  readonly #context: Context = keepContext();
  readonly #letGo: Release;
  #watch: DescriptorWatch | undefined;

  /** @param what "reading of descriptor 5" */
  constructor(loop: EventLoop, what: string, call: DescriptorCall) {
    this.#loop = loop;
    this.#what = what;
    this.#call = call;
    this.#letGo = loop.host.hold(what);
  }

  /** Begins to watch. Throws what the layer throws, and is over then. */
  begin(open: (watcher: DescriptorWatcher) => DescriptorWatch): void {
    try {
      this.#watch = open(this);
    } catch (error) {
      this.cancel();
      throw error;
    }
    this.#watch.arm();
  }

  cancel(): void {
    if (this.withdrawn) return;
    this.withdrawn = true;
    this.#watch?.release();
    this.#letGo();
  }

  cancelled(): boolean {
    return this.withdrawn;
  }

  describe(): string {
    return `the callback for ${this.#what}`;
  }

  ready(): void {
    this.#loop[internals].scheduler.enqueue(this);
  }

  failed(exception: unknown): void {
    this.cancel();
    const message = `Cannot wait for ${this.#what}`;
    this.#loop.callExceptionHandler({ message, exception, handle: this });
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
    if (!this.withdrawn) this.#watch?.arm();
    return false;
  }
}

/** All readers and writers of a loop: at most one of a kind for each descriptor. */
export class DescriptorWatches {
  readonly #loop: EventLoop;
  readonly #watches = new Map<string, DescriptorHandle>();

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /** Adds one, which takes the place of the one that there is. */
  add(layer: IoLayer, descriptor: Descriptor, direction: Direction, call: DescriptorCall): Handle {
    const key = keyOf(descriptor, direction);
    this.#watches.get(key)?.cancel();
    const handle = new DescriptorHandle(this.#loop, key, call);
    this.#watches.set(key, handle);
    handle.begin((watcher) => layer.watchDescriptor(descriptor, direction, watcher));
    return handle;
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
