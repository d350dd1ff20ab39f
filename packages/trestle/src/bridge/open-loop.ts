import {
  openLoop as openLoopOfBridge,
  type LoopOptions,
  type StructuredEventLoop,
} from "@trestle/bridge";
import type { Operation } from "@trestle/structured";
import { withStructuredLayers } from "../layers.js";

/**
 * Runs a body with an event loop that has worker threads, descriptors and child processes.
 *
 * It is `openLoop` of @trestle/bridge, which says what it waits for and what it throws. Source: trio-asyncio's `open_loop`. Flavor:
 * structured.
 *
 * @param body receives the loop
 * @param options what is plugged in instead, how many calls may wait in the loop's queue, how long the end waits for what does not stop
 * @example
 * ```ts
 * import { asStructured } from "trestle";
 * import { openLoop } from "trestle/bridge";
 * import { sleep } from "trestle/loop";
 * import { run } from "trestle/lowlevel";
 *
 * await run(() => openLoop(() => asStructured(sleep)(10)));
 * ```
 */
export function openLoop<T>(
  body: (loop: StructuredEventLoop) => Operation<T>,
  options: LoopOptions = {},
): Operation<T> {
  return openLoopOfBridge(body, withStructuredLayers(options));
}
