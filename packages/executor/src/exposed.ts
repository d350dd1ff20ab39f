import { moduleRef } from "./module-ref.js";
import { EXPOSED } from "./protocol.js";
import type { ModuleReference } from "./work-reference.js";

/**
 * Refers to the functions that a worker's own file has given to `expose`.
 *
 * It waits for nothing and throws nothing. Source: ours. Flavor: either.
 *
 * @example
 * ```ts no-run
 * import { Worker } from "node:worker_threads";
 * import { exposed, ThreadExecutor } from "@trestle/executor";
 *
 * await using executor = new ThreadExecutor({
 *   worker: (options) => new Worker(new URL("./worker.js", import.meta.url), options),
 * });
 * const work = exposed<{ double(number: number): number }>();
 * console.log(await executor.submit(work.double, [21]));
 * ```
 */
export function exposed<M>(): ModuleReference<M> {
  return moduleRef<M>(EXPOSED);
}
