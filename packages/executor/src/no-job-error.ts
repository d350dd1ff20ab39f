import { TrestleError } from "@trestle/host";

/** What belongs into a job was called outside of one, or after the job had ended. */
export class NoJobError extends TrestleError {
  static override readonly code = "TRESTLE_NO_JOB";

  /** @param action what was to be done, such as "call back" */
  constructor(action: string) {
    super(
      "NoJobError",
      new.target.code,
      `Cannot ${action}: no job runs here.\nCall it in a function that an executor runs, and not after that has returned.`,
    );
  }
}
