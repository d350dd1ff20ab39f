import {
  newEventLoop as newEventLoopOfLoop,
  type EventLoop,
  type EventLoopOptions,
} from "@trestle/loop";
import { withLayers } from "../layers.js";

/**
 * Makes a loop with worker threads, descriptors and child processes, by the policy.
 *
 * Source: asyncio. Flavor: either. It waits for nothing.
 *
 * @param options how it lives, for policies that look at them
 * @example
 * ```ts
 * import { newEventLoop } from "trestle/loop";
 *
 * const loop = newEventLoop();
 * await loop.close();
 * ```
 */
export function newEventLoop(options: EventLoopOptions = {}): EventLoop {
  return newEventLoopOfLoop(withLayers(options));
}
