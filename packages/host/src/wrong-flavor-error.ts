import { TrestleError } from "./trestle-error.js";

/** Code of one flavor was given where the other is wanted. The message names the wrapper that is meant. */
export class WrongFlavorError extends TrestleError {
  static override readonly code = "TRESTLE_WRONG_FLAVOR";

  constructor(message: string) {
    super("WrongFlavorError", new.target.code, message);
  }
}
