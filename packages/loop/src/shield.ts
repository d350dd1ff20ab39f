import { requireLoop } from "./current.js";
import { endOnAbort, endWithReason } from "./end-on-abort.js";
import { ensureFuture, type Work } from "./ensure-future.js";
import { errorOf } from "./error-of.js";
import { Future } from "./future.js";
import { core } from "./internals.js";
import { requireSignal, type SignalOption } from "./signal-option.js";

/**
 * Waits for work and keeps cancellation from it: cancelling the future that this gives, or the task that awaits it, leaves the
 * work alone. Work that somebody else cancels is cancelled for both.
 *
 * Source: asyncio. Flavor: loop.
 *
 * @param work a Future, a promise, or a function to run as a task
 * @param options `signal` ends the wait with its reason for the error, and leaves the work alone, too
 * @throws NoLoopError outside of a loop; WrongFlavorError; ArgumentError
 * @example
 * ```ts
 * import { createTask, run, shield, sleep } from "@trestle/loop";
 *
 * await run(async () => {
 *   const saving = createTask(() => sleep(10, "saved"));
 *   console.log(await shield(saving));
 * });
 * ```
 */
export function shield<T>(work: Work<T>, options: SignalOption = {}): Future<T> {
  const loop = requireLoop("shield");
  requireSignal(options, "shield");
  const inner = ensureFuture(work, loop);
  if (inner.done()) return inner;
  const outer = new Future<T>({ loop, description: `a shield of ${inner.describe()}` });
  outer[core].isDerived = true;
  const innerEnded = (): void => {
    const failed = errorOf(inner);
    if (outer.done()) return;
    if (inner.cancelled()) outer.cancel();
    else if (failed === undefined) outer.setResult(inner.result());
    else outer.setException(failed.error);
  };
  inner[core].whenDone(innerEnded);
  outer[core].whenDone(() => {
    if (!inner.done()) inner.removeDoneCallback(innerEnded);
  });
  endOnAbort(outer, options, (reason) => endWithReason(outer, reason));
  return outer;
}
