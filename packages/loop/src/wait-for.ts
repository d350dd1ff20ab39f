import { checkDuration } from "./check-time.js";
import { CancelledError } from "./cancelled-error.js";
import { requireLoop } from "./current.js";
import { ensureFuture, type Work } from "./ensure-future.js";
import type { Future } from "./future.js";
import { core } from "./internals.js";
import { TimeoutError } from "./timeout-error.js";

/**
 * Waits for work, and cancels it where it is not done in time. The work has ended when this ends, whatever it does about its
 * cancellation: a result or an error of its own wins over the TimeoutError.
 *
 * Source: asyncio (of CPython 3.11). Flavor: loop. Cancelling the caller cancels the work.
 *
 * @param work a Future, a promise, or a function to run as a task
 * @param ms milliseconds, 0 or more
 * @throws TimeoutError; the work's error; ArgumentError for a negative or NaN time; NoLoopError
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
export async function waitFor<T>(work: Work<T>, ms: number): Promise<T> {
  const loop = requireLoop("wait");
  checkDuration(ms, "wait");
  if (ms === 0) {
    const future = ensureFuture(work, loop);
    return future.done() ? future.result() : cancelAndTake(future, ms);
  }
  const waiter = loop.createFuture<void>("work in a time");
  waiter[core].isDerived = true;
  const release = (): void => {
    if (!waiter.done()) waiter.setResult();
  };
  const timer = loop.callLater(ms, release);
  const future = ensureFuture(work, loop);
  future[core].whenDone(release);
  try {
    try {
      await waiter;
    } catch (error) {
      if (future.done()) return future.result();
      future.removeDoneCallback(release);
      await cancelAndWait(future);
      throw error;
    }
    if (future.done()) return future.result();
    future.removeDoneCallback(release);
    return await cancelAndTake(future, ms);
  } finally {
    timer.cancel();
  }
}

async function cancelAndTake<T>(future: Future<T>, ms: number): Promise<T> {
  await cancelAndWait(future);
  try {
    return future.result();
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    throw new TimeoutError(`${future.describe()} in ${ms} ms`, { cause: error });
  }
}

/** Waits beside the future, not for it: so a cancellation of the caller ends this wait. */
async function cancelAndWait(future: Future<unknown>): Promise<void> {
  const waiter = future.loop.createFuture<void>(`the end of ${future.describe()}`);
  waiter[core].isDerived = true;
  const release = (): void => {
    if (!waiter.done()) waiter.setResult();
  };
  future[core].whenDone(release);
  try {
    future.cancel();
    await waiter;
  } finally {
    future.removeDoneCallback(release);
  }
}
