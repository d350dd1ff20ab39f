import { describe, TrestleError } from "@trestle/host";

/** A job was cancelled. In the job, `checkCancelled` throws it: let it pass. */
export class JobCancelledError extends TrestleError {
  static override readonly code = "TRESTLE_JOB_CANCELLED";
  /** What was given to `cancel`, or the reason of the signal. */
  readonly reason: unknown;

  constructor(job: string, reason: unknown) {
    const why = reason === undefined ? "it was cancelled" : `it was cancelled: ${describe(reason)}`;
    super("JobCancelledError", new.target.code, `Cannot finish the job '${job}': ${why}.`);
    this.reason = reason;
  }
}
