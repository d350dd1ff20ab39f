import { TrestleError } from "./trestle-error.js";

/** One of Trestle's own rules was broken: a defect of Trestle, or of a wait that breaks the laws of Wait. */
export class InternalError extends TrestleError {
  static override readonly code = "TRESTLE_INTERNAL";

  constructor(message: string, options?: ErrorOptions) {
    super("InternalError", new.target.code, message, options);
  }
}
