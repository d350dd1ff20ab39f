import { TrestleError } from "@trestle/host";

/** A reference leads to no function: its module cannot be told or found, or does not export a function of that name. */
export class WorkReferenceError extends TrestleError {
  static override readonly code = "TRESTLE_WORK_REFERENCE";

  constructor(message: string, options?: ErrorOptions) {
    super("WorkReferenceError", new.target.code, message, options);
  }
}
