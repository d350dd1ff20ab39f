import { describe, TrestleError } from "@trestle/host";
import type { FromThread } from "./protocol.js";

/** A job that has ended, for reports. */
export interface EndedJob {
  readonly id: string;
  readonly name: string;
}

/** Hears of late errors. */
export type LateReport = (error: unknown, job: EndedJob | undefined) => void;

/** Has a late error told. What the program's own function throws is the program's, and costs its caller nothing. */
export function reportLate(report: LateReport, error: unknown, job: EndedJob | undefined): void {
  try {
    report(error, job);
  } catch (thrown) {
    void Promise.reject(thrown);
  }
}

/** The job that a late error comes from, where that is known. */
export function lateJob({
  id,
  name = "",
}: Extract<FromThread, { readonly kind: "late" }>): EndedJob | undefined {
  return id === undefined ? undefined : { id: String(id), name };
}

/** Tells of an error that came after the end of its job, and can go to nobody: a warning of the process. */
export function warnOfLateError(error: unknown, job: EndedJob | undefined): void {
  const whose = job === undefined ? "an idle thread" : `the job '${job.name}', which had ended`;
  const code = error instanceof TrestleError ? ` (${error.code})` : "";
  process.emitWarning(
    `An error came from ${whose}: ${describe(error)}${code}. Its thread takes no more jobs.`,
    {
      type: "TrestleWarning",
      code: "TRESTLE_LATE_ERROR",
      detail: error instanceof Error ? (error.stack ?? "") : "",
    },
  );
}
