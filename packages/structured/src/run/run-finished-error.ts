import { TrestleError } from "@trestle/host";

/** A run was asked for something after its end. What it had accepted before has been done. */
export class RunFinishedError extends TrestleError {
  static override readonly code = "TRESTLE_RUN_FINISHED";

  constructor(action: string, main: string) {
    super(
      "RunFinishedError",
      new.target.code,
      `Cannot ${action}: the run of '${main}' has ended.\nStop what calls in before main ends, or take this error as the sign to stop.`,
    );
  }
}
