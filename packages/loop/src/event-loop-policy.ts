// Which loop `getEventLoop` gives outside of loops, and what kind of loop `newEventLoop` and `run` make.
import { ArgumentError, describe, processWide } from "@trestle/host";
import { EventLoop, type EventLoopOptions } from "./event-loop.js";
import { NoLoopError } from "./no-loop-error.js";

/**
 * Makes loops, and keeps the one of code that no loop runs. `setEventLoopPolicy` sets it, for the thread: each has its own. CPython
 * calls its policies deprecated from 3.14 on: `loopFactory` of `run` says the same more plainly.
 *
 * Source: asyncio. Flavor: either.
 */
export interface EventLoopPolicy {
  /**
   * The loop that was set.
   *
   * @throws NoLoopError where none was
   */
  getEventLoop(): EventLoop;
  setEventLoop(loop: EventLoop | undefined): void;
  newEventLoop(options?: EventLoopOptions): EventLoop;
}

/** Where a loop is kept. */
export interface LoopSlot {
  loop: EventLoop | undefined;
}

/**
 * The policy where none was set: EventLoops, and no loop that nobody has set.
 *
 * Source: asyncio (of CPython 3.14). Flavor: either.
 *
 * @example
 * ```ts
 * import { DefaultEventLoopPolicy, EventLoop, setEventLoopPolicy } from "@trestle/loop";
 *
 * class Debugging extends DefaultEventLoopPolicy {
 *   override newEventLoop() {
 *     return new EventLoop({ debug: true });
 *   }
 * }
 *
 * setEventLoopPolicy(new Debugging());
 * setEventLoopPolicy(undefined);
 * ```
 */
export class DefaultEventLoopPolicy implements EventLoopPolicy {
  readonly #slot: LoopSlot;

  /** @param slot where the loop is kept that is set; a place of its own unless given */
  constructor(slot: LoopSlot = { loop: undefined }) {
    this.#slot = slot;
  }

  /** @throws NoLoopError where none was set */
  getEventLoop(): EventLoop {
    const { loop } = this.#slot;
    if (loop === undefined) throw new NoLoopError("get the event loop");
    return loop;
  }

  setEventLoop(loop: EventLoop | undefined): void {
    this.#slot.loop = loop;
  }

  newEventLoop(options: EventLoopOptions = {}): EventLoop {
    return new EventLoop(options);
  }
}

/** What all copies of this package share. A policy that nobody has set makes each copy's own loops. */
interface Chosen extends LoopSlot {
  policy: EventLoopPolicy | undefined;
}

const chosen = processWide<Chosen>("@trestle/loop policy", 1, () => ({
  policy: undefined,
  loop: undefined,
}));

const standard = new DefaultEventLoopPolicy(chosen);

/**
 * Gives the policy of this thread.
 *
 * Source: asyncio. Flavor: either. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { getEventLoopPolicy } from "@trestle/loop";
 *
 * const loop = getEventLoopPolicy().newEventLoop();
 * await loop.close();
 * ```
 */
export function getEventLoopPolicy(): EventLoopPolicy {
  return chosen.policy ?? standard;
}

/**
 * Sets the policy of this thread.
 *
 * Source: asyncio. Flavor: either. It waits for nothing.
 *
 * @param policy undefined for the default
 * @throws ArgumentError for what is no policy
 * @example
 * ```ts
 * import { DefaultEventLoopPolicy, EventLoop, setEventLoopPolicy } from "@trestle/loop";
 *
 * class Careful extends DefaultEventLoopPolicy {
 *   override newEventLoop(): EventLoop {
 *     return new EventLoop({ debug: true });
 *   }
 * }
 *
 * setEventLoopPolicy(new Careful());
 * ```
 */
export function setEventLoopPolicy(policy: EventLoopPolicy | undefined): void {
  if (policy !== undefined && typeof policy?.newEventLoop !== "function") {
    throw new ArgumentError(
      `Cannot set the event loop policy to ${describe(policy)}: an EventLoopPolicy is wanted, or undefined for the default.`,
    );
  }
  chosen.policy = policy;
}
