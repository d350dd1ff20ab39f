import { TrestleError } from "@trestle/host";

/** Something that needs a task was used outside of a structured run, or in loop-flavored code. */
export class NoRunError extends TrestleError {
  static override readonly code = "TRESTLE_NO_RUN";

  constructor(action: string) {
    super(
      "NoRunError",
      new.target.code,
      `Cannot ${action}: no structured task is running here.\n` +
        "Start one with 'run(function* () { ... })'; from loop-flavored code cross over with 'asLoop' of @trestle/bridge.",
    );
  }
}
