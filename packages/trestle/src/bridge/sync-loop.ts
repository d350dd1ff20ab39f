import { SyncLoop as SyncLoopOfBridge, type SyncLoopOptions } from "@trestle/bridge";
import { withLayers } from "../layers.js";

/**
 * A loop whose `runUntilComplete` blocks the calling thread while a worker thread runs a function of a module.
 *
 * It is that of @trestle/bridge with the threads of @trestle/executor, and deprecated like that one. Source: trio-asyncio's sync
 * loop. Flavor: neither.
 *
 * @example
 * ```ts no-run
 * import { SyncLoop } from "trestle/bridge";
 * import { moduleRef } from "trestle/executor";
 *
 * using loop = new SyncLoop();
 * const zlib = moduleRef(() => import("node:zlib"), import.meta);
 * console.log(loop.runUntilComplete(zlib.gzipSync, ["some text"]));
 * ```
 */
export class SyncLoop extends SyncLoopOfBridge {
  constructor(options: SyncLoopOptions = {}) {
    super(withLayers(options));
  }
}
