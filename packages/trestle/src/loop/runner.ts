import { Runner as RunnerOfLoop, type RunnerOptions } from "@trestle/loop";
import { withLayers } from "../layers.js";

/**
 * Runs several main functions on one loop, one after another; the loop has worker threads, descriptors and child processes.
 *
 * Source: asyncio. Flavor: this is where a program enters the loop flavor.
 *
 * @example
 * ```ts
 * import { Runner, sleep } from "trestle/loop";
 *
 * await using runner = new Runner();
 * await runner.run(() => sleep(10));
 * ```
 */
export class Runner extends RunnerOfLoop {
  constructor(options: RunnerOptions = {}) {
    super(withLayers(options));
  }
}
