import type { ExecutorLayer } from "@trestle/loop";
import { runUntilComplete } from "../run-until-complete.js";
import { ThreadExecutor, type ThreadExecutorOptions } from "../thread-executor.js";

/**
 * Gives the layer `executor` of a loop: `run(main, { executor: threads() })`. The loop opens its default executor by it, a
 * ThreadExecutor, and shuts that down.
 *
 * Source: ours. Flavor: loop. It waits for nothing and throws nothing.
 *
 * @param options of the executor
 * @example
 * ```ts no-run
 * import { moduleRef } from "@trestle/executor";
 * import { threads } from "@trestle/executor/loop";
 * import { run, toThread } from "@trestle/loop";
 *
 * const zlib = moduleRef(() => import("node:zlib"), import.meta);
 * await run(async () => console.log(await toThread(zlib.gzipSync, "some text")), { executor: threads() });
 * ```
 */
export function threads(options: ThreadExecutorOptions = {}): Required<ExecutorLayer> {
  return {
    openDefaultExecutor: () => new ThreadExecutor(options),
    runUntilComplete,
  };
}
