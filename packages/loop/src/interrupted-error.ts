import { TrestleError } from "@trestle/host";

/** The user has interrupted the program, by Ctrl-C: `run` and `Runner` throw it when main was cancelled for that and has ended. */
export class InterruptedError extends TrestleError {
  static override readonly code = "TRESTLE_INTERRUPTED";

  constructor(options?: ErrorOptions) {
    super(
      "InterruptedError",
      new.target.code,
      "Cannot go on: the process received SIGINT (Ctrl-C), and the main task was cancelled.\n" +
        "Clean up in 'finally' and let CancelledError pass; catch this error around 'run' to end in another way.",
      options,
    );
  }
}
