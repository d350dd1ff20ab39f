// A cancellation that comes back to a task from what had its signal, and not from a future of the loop's.
import { CancelledError } from "./cancelled-error.js";
import { currentRun } from "./current.js";

/**
 * The CancelledError that an error is, or that it stands for: what takes an AbortSignal often throws an AbortError of its own with
 * the signal's reason as its cause.
 */
export function cancellationIn(error: unknown): CancelledError | undefined {
  if (error instanceof CancelledError) return error;
  if (!(error instanceof Error) || error.name !== "AbortError") return undefined;
  return error.cause instanceof CancelledError ? error.cause : undefined;
}

/**
 * The same, for an error that a block of the running task has thrown. What came by the task's signal has come: it is not thrown
 * once more at the task's next await.
 */
export function receiveCancellation(error: unknown): CancelledError | undefined {
  const cancelled = cancellationIn(error);
  const run = currentRun();
  if (cancelled === undefined || run?.isCancellationPending !== true) return cancelled;
  if (run.task.signal.reason === cancelled) run.takeCancellation();
  return cancelled;
}
