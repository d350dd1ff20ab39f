import type { Host } from "@trestle/host";
import { runUntilComplete } from "../run-until-complete.js";
import { StructuredExecutor, type StructuredExecutorOptions } from "./structured-executor.js";

/** What is plugged into a loop inside a structured program, as its layer `executor`. */
export interface StructuredThreads {
  openDefaultExecutor(host: Host): StructuredExecutor;
  readonly runUntilComplete: typeof runUntilComplete;
}

/**
 * Gives the layer `executor` of a loop that runs inside a structured program: `openLoop(body, { executor: structuredThreads() })`. The
 * loop opens its default executor by it, a StructuredExecutor.
 *
 * Source: trio-asyncio. Flavor: structured. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { structuredThreads } from "@trestle/executor/structured";
 *
 * const executor = structuredThreads({ maxWorkers: 4 });
 * ```
 */
export function structuredThreads(options: StructuredExecutorOptions = {}): StructuredThreads {
  return { openDefaultExecutor: () => new StructuredExecutor(options), runUntilComplete };
}
