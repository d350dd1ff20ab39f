import { TrestleError } from "@trestle/host";

/** A future was asked for what its state does not allow: the result of a pending one, a second result for one that is done. */
export class InvalidStateError extends TrestleError {
  static override readonly code = "TRESTLE_INVALID_STATE";

  constructor(message: string) {
    super("InvalidStateError", InvalidStateError.code, message);
  }
}
