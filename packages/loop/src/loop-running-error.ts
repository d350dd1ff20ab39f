import { TrestleError } from "@trestle/host";

/** A call that wants a loop at rest came while one runs. */
export class LoopRunningError extends TrestleError {
  static override readonly code = "TRESTLE_LOOP_RUNNING";

  constructor(action: string, advice: string) {
    super(
      "LoopRunningError",
      new.target.code,
      `Cannot ${action}: the event loop is running.\n${advice}`,
    );
  }
}
