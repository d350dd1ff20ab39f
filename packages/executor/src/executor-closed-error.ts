import { TrestleError } from "@trestle/host";

/** A job was submitted to an executor that was shut down. */
export class ExecutorClosedError extends TrestleError {
  static override readonly code = "TRESTLE_EXECUTOR_CLOSED";

  constructor() {
    super(
      "ExecutorClosedError",
      new.target.code,
      "Cannot submit a job: the executor was shut down.\nShut it down last, or make another one.",
    );
  }
}
