import { TrestleError } from "@trestle/host";
import type { Future } from "./future.js";

/**
 * A future was asked for what its state does not allow: the result of a pending one, a second result for one that is done. So was a lock
 * that nobody holds, when it was released, and the like.
 */
export class InvalidStateError extends TrestleError {
  static override readonly code = "TRESTLE_INVALID_STATE";

  constructor(message: string) {
    super("InvalidStateError", new.target.code, message);
  }
}

/** The error for something that a future's state does not allow. */
export function invalidState(
  action: string,
  future: Future<unknown>,
  cause: string,
): InvalidStateError {
  return new InvalidStateError(
    `Cannot ${action} ${future.describe()}: ${cause}.\nAsk 'done()' first, or await it; a future is done once and for all.`,
  );
}
