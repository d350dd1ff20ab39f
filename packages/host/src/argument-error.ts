import { TrestleError } from "./trestle-error.js";

/** A value was given that the call cannot work with: a wrong type, a negative or NaN time, a capacity below zero. */
export class ArgumentError extends TrestleError {
  static override readonly code = "TRESTLE_ARGUMENT";

  constructor(message: string) {
    super("ArgumentError", new.target.code, message);
  }
}
