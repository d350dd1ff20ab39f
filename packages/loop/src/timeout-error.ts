import { TrestleError } from "@trestle/host";

/** The time that was given for something is over. */
export class TimeoutError extends TrestleError {
  static override readonly code = "TRESTLE_TIMEOUT";

  constructor(what: string, options?: ErrorOptions) {
    super(
      "TimeoutError",
      new.target.code,
      `Cannot finish ${what}: its time is over.\nGive it more time, or make it do less.`,
      options,
    );
  }
}
