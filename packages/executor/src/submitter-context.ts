// Callbacks of a thread run in the async context of whoever happened to start the thread. What a job calls back belongs to the one
// who submitted it.
import { AsyncResource } from "node:async_hooks";

/** Gives what calls functions in the async context that is current now. */
export function captureContext(): (fn: () => void) => void {
  const resource = new AsyncResource("trestle.job");
  return (fn) => resource.runInAsyncScope(fn);
}
