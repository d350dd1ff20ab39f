import { TrestleError } from "@trestle/host";
import { isCancelled } from "../cancelled.js";

/** The work behind a promise was cancelled, and not with the task that waits for it. Its Cancelled is the `cause`. */
export class PromiseCancelledError extends TrestleError {
  static override readonly code = "TRESTLE_PROMISE_CANCELLED";

  constructor(cause: unknown) {
    super(
      "PromiseCancelledError",
      new.target.code,
      "Cannot give the value of a promise: its work was cancelled, and this task was not.\n" +
        "Look where its AbortSignal comes from, and wait for it inside of that scope.",
      { cause },
    );
  }
}

/**
 * What a rejection means to a task that nobody cancels. A Cancelled of somebody else would unwind the task quietly, up to a
 * nursery that takes it for its own.
 */
export function rejectionFor(error: unknown): unknown {
  return isCancelled(error) ? new PromiseCancelledError(error) : error;
}
