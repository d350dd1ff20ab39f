import { TrestleError } from "@trestle/host";

/** The event loop was closed: nothing can be started on it, and nothing that still waited for it will come. */
export class LoopClosedError extends TrestleError {
  static override readonly code = "TRESTLE_LOOP_CLOSED";

  constructor(action: string) {
    super(
      "LoopClosedError",
      new.target.code,
      `Cannot ${action}: the event loop is closed.\n` +
        "Finish what you need from a loop before its 'run' ends or its 'close' is called.",
    );
  }
}
