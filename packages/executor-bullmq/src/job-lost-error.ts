import { TrestleError } from "@trestle/host";

/**
 * A job that had been accepted ended without an outcome: somebody removed it from the queue, or each worker that took it died.
 * It may have run, in part or whole.
 */
export class JobLostError extends TrestleError {
  static override readonly code = "TRESTLE_JOB_LOST";

  /** @param why "it was removed from the queue by somebody else" */
  constructor(job: string, why: string) {
    super(
      "JobLostError",
      new.target.code,
      `Cannot tell the outcome of the job '${job}': ${why}.\nIt may have run. Submit it again where running it twice does no harm.`,
    );
  }
}
