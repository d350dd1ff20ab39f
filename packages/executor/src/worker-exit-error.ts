import { TrestleError } from "@trestle/host";

/**
 * The thread of a job has ended before the job: by `process.exit`, or because it ran out of memory, which `cause` tells then. It
 * is not known how far the job came.
 */
export class WorkerExitError extends TrestleError {
  static override readonly code = "TRESTLE_WORKER_EXIT";
  /** What the thread ended with; undefined where it never began. */
  readonly exitCode: number | undefined;
  /** What the platform says about it, such as "ERR_WORKER_OUT_OF_MEMORY". */
  readonly reason: string | undefined;

  constructor(job: string, exitCode: number | undefined, cause: unknown) {
    const options = cause === undefined ? undefined : { cause };
    super("WorkerExitError", new.target.code, messageOf(job, exitCode, cause), options);
    this.exitCode = exitCode;
    const { code } = (cause ?? {}) as { readonly code?: unknown };
    this.reason = typeof code === "string" ? code : undefined;
  }
}

function messageOf(job: string, exitCode: number | undefined, cause: unknown): string {
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  if (exitCode === undefined) return `Cannot run the job '${job}': its thread did not start${why}`;
  return `Cannot finish the job '${job}': its thread ended with exit code ${exitCode}${why}`;
}
