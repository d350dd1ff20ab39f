import { newEventLoop as newEventLoopOfBridge } from "@trestle/bridge";
import type { EventLoop, EventLoopOptions } from "@trestle/loop";
import { withLayers } from "../layers.js";

/**
 * Makes a loop by hand, with worker threads, descriptors and child processes, in which structured calls work.
 *
 * It is `newEventLoop` of @trestle/bridge, and deprecated like that one. Source: trio-asyncio. Flavor: neither; it waits for nothing.
 *
 * @param options how the loop lives, for policies that look at them
 * @throws WrongFlavorError in structured code, and in the code of a loop of `openLoop`
 * @example
 * ```ts
 * import { asLoop, sleep } from "trestle";
 * import { newEventLoop } from "trestle/bridge";
 *
 * const loop = newEventLoop();
 * await loop.runUntilComplete(async () => asLoop(sleep)(10));
 * await loop.close();
 * ```
 */
export function newEventLoop(options: EventLoopOptions = {}): EventLoop {
  return newEventLoopOfBridge(withLayers(options));
}
