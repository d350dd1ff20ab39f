import { TrestleError } from "@trestle/host";

/** Signals cannot be received here: only the main thread gets them. */
export class NoSignalsError extends TrestleError {
  static override readonly code = "TRESTLE_NO_SIGNALS";

  constructor() {
    super(
      "NoSignalsError",
      new.target.code,
      "Cannot receive signals in a worker: the system gives them to the main thread.\n" +
        "Receive them there, and pass a message on.",
    );
  }
}
