import { currentLoop } from "./current.js";
import { getEventLoopPolicy } from "./event-loop-policy.js";
import type { EventLoop, EventLoopOptions } from "./event-loop.js";

/**
 * Gives the loop that runs here, and outside of loops the one that `setEventLoop` has set.
 *
 * Source: asyncio. Flavor: either. It waits for nothing.
 *
 * @throws NoLoopError where there is neither
 * @example
 * ```ts
 * import { getEventLoop, run } from "@trestle/loop";
 *
 * await run(async () => {
 *   getEventLoop().callSoon(() => console.log("soon"));
 * });
 * ```
 */
export function getEventLoop(): EventLoop {
  return currentLoop() ?? getEventLoopPolicy().getEventLoop();
}

/**
 * Sets the loop that `getEventLoop` gives outside of loops, by the policy.
 *
 * Source: asyncio; `run` and `Runner` leave it alone, for several may run at the same time. Flavor: either. It waits for nothing.
 *
 * @param loop undefined for none
 * @throws what the policy throws; that of the platform throws nothing
 * @example
 * ```ts
 * import { getEventLoop, newEventLoop, setEventLoop } from "@trestle/loop";
 *
 * setEventLoop(newEventLoop());
 * console.log(getEventLoop().isRunning()); // false
 * ```
 */
export function setEventLoop(loop: EventLoop | undefined): void {
  getEventLoopPolicy().setEventLoop(loop);
}

/**
 * Makes a loop, by the policy.
 *
 * Source: asyncio. Flavor: either. It waits for nothing.
 *
 * @param options how it lives, for policies that look at them
 * @throws what the policy throws: ArgumentError for options that make no sense
 * @example
 * ```ts
 * import { newEventLoop } from "@trestle/loop";
 *
 * const loop = newEventLoop();
 * await loop.close();
 * ```
 */
export function newEventLoop(options: EventLoopOptions = {}): EventLoop {
  return getEventLoopPolicy().newEventLoop(options);
}
