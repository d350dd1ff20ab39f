import { checkDuration } from "./check-time.js";
import { CancelledError } from "./cancelled-error.js";
import { requireLoop } from "./current.js";
import { endOnAbort, messageOfReason } from "./end-on-abort.js";
import { ensureFuture, type Work } from "./ensure-future.js";
import type { Future } from "./future.js";
import { core } from "./internals.js";
import { requireSignal, type SignalOption } from "./signal-option.js";
import { TimeoutError } from "./timeout-error.js";

/**
 * Waits for work, and cancels it where it is not done in time, or where `signal` is aborted. The work has ended when this ends,
 * whatever it does about its cancellation: a result or an error of its own wins over the TimeoutError and the signal's reason.
 *
 * Source: asyncio (of CPython 3.11); `signal` is ours. Flavor: loop. Cancelling the caller cancels the work.
 *
 * @param work a Future, a promise, or a function to run as a task
 * @param ms milliseconds, 0 or more; Infinity for no limit
 * @throws TimeoutError; the work's error; the reason of `signal`; ArgumentError for a negative or NaN time; NoLoopError
 * @example
 * ```ts
 * import { run, sleep, TimeoutError, waitFor } from "@trestle/loop";
 *
 * await run(async () => {
 *   try {
 *     await waitFor(() => sleep(1000), 10);
 *   } catch (error) {
 *     if (error instanceof TimeoutError) console.log("too slow");
 *   }
 * });
 * ```
 */
export async function waitFor<T>(
  work: Work<T>,
  ms: number,
  options: SignalOption = {},
): Promise<T> {
  const loop = requireLoop("wait");
  checkDuration(ms, "wait");
  requireSignal(options, "wait");
  if (ms === 0 && options.signal?.aborted !== true) {
    const future = ensureFuture(work, loop);
    return future.done() ? future.result() : cancelAndTake(future, tooLate(future, ms));
  }
  const waiter = loop.createFuture<void>("work in a time");
  waiter[core].isDerived = true;
  const release = (): void => {
    if (!waiter.done()) waiter.setResult();
  };
  const timer = loop.callLater(ms, release);
  const future = ensureFuture(work, loop);
  future[core].whenDone(release);
  let aborted: Ending | undefined;
  endOnAbort(waiter, options, (reason) => {
    aborted = { error: () => reason, message: messageOfReason(reason) };
    release();
  });
  try {
    try {
      await waiter;
    } catch (error) {
      if (future.done()) return future.result();
      future.removeDoneCallback(release);
      await cancelAndWait(future, undefined);
      throw error;
    }
    if (future.done()) return future.result();
    future.removeDoneCallback(release);
    return await cancelAndTake(future, aborted ?? tooLate(future, ms));
  } finally {
    timer.cancel();
  }
}

/** Why the work is cancelled. */
interface Ending {
  readonly error: (cause: CancelledError) => unknown;
  readonly message: string | undefined;
}

function tooLate(future: Future<unknown>, ms: number): Ending {
  const error = (cause: CancelledError): TimeoutError =>
    new TimeoutError(`${future.describe()} in ${ms} ms`, { cause });
  return { error, message: undefined };
}

async function cancelAndTake<T>(future: Future<T>, ending: Ending): Promise<T> {
  await cancelAndWait(future, ending.message);
  try {
    return future.result();
  } catch (error) {
    throw error instanceof CancelledError ? ending.error(error) : error;
  }
}

/** Waits beside the future, not for it: so a cancellation of the caller ends this wait. */
async function cancelAndWait(future: Future<unknown>, message: string | undefined): Promise<void> {
  const waiter = future.loop.createFuture<void>(`the end of ${future.describe()}`);
  waiter[core].isDerived = true;
  const release = (): void => {
    if (!waiter.done()) waiter.setResult();
  };
  future[core].whenDone(release);
  try {
    future.cancel(message);
    await waiter;
  } finally {
    future.removeDoneCallback(release);
  }
}
