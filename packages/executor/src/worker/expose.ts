import { workerData } from "node:worker_threads";
import { ArgumentError, describe } from "@trestle/host";
import type { ThreadData } from "../protocol.js";
import { exposeAs } from "./work-cache.js";
import { ThreadSide } from "./thread-side.js";

/**
 * Makes the file that calls it a worker's own file, with these functions as the work that there is: for a ThreadExecutor with the
 * option `worker`. The references to them come from `exposed`.
 *
 * It waits for nothing. Source: ours. Flavor: either.
 *
 * @param functions by their names
 * @throws ArgumentError in a thread that no ThreadExecutor has started
 * @example
 * ```ts no-run
 * import { expose } from "@trestle/executor/worker";
 *
 * expose({ double: (number: number) => 2 * number });
 * ```
 */
export function expose(functions: object): void {
  const data = workerData as Partial<ThreadData> | null;
  if (data?.port === undefined || !(data.words instanceof Int32Array)) {
    throw new ArgumentError(
      `Cannot expose functions here: the data of this thread is ${describe(data)}.\n` +
        "Pass the options on: `new ThreadExecutor({ worker: (options) => new Worker(url, options) })`.",
    );
  }
  exposeAs(functions);
  void new ThreadSide(data as ThreadData).start();
}
