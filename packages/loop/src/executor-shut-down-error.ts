import { TrestleError } from "@trestle/host";

/** A loop's default executor was asked for after it had been shut down. */
export class ExecutorShutDownError extends TrestleError {
  static override readonly code = "TRESTLE_EXECUTOR_SHUT_DOWN";

  constructor(action: string) {
    super(
      "ExecutorShutDownError",
      new.target.code,
      `Cannot ${action}: the default executor of this event loop was shut down.\n` +
        "Shut it down last, or give an executor of your own to 'runInExecutor'.",
    );
  }
}
