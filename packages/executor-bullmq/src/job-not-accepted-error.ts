import { TrestleError } from "@trestle/host";

/** Redis refused a job, or the connection ended before it answered: the job may be in the queue all the same. */
export class JobNotAcceptedError extends TrestleError {
  static override readonly code = "TRESTLE_JOB_NOT_ACCEPTED";

  constructor(job: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      "JobNotAcceptedError",
      new.target.code,
      `Cannot queue the job '${job}': ${why}.\nSubmit it again under the same 'jobId': where it was accepted after all, that finds it.`,
      { cause },
    );
  }
}
