import { requireTask } from "./current.js";

/**
 * Gives the signal of the task that runs now: it fires at the task's next cancellation, with the CancelledError as its reason. Hand
 * it to `fetch` and whatever else takes an AbortSignal.
 *
 * The CancelledError also comes at the next pending Future that the task awaits, once. Where the task cleans up with awaits after
 * the work was aborted, use `abortable`, which throws it in one place.
 *
 * Source: ours. Flavor: loop. It waits for nothing.
 *
 * @throws NoLoopError, NoTaskError where no task runs
 * @example
 * ```ts
 * import { currentSignal, run } from "@trestle/loop";
 *
 * await run(async () => {
 *   const response = await fetch("http://localhost:8080/", { signal: currentSignal() });
 *   console.log(response.status);
 * });
 * ```
 */
export function currentSignal(): AbortSignal {
  return requireTask("get the signal of the current task").signal;
}
