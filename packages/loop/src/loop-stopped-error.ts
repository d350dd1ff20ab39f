import { TrestleError } from "@trestle/host";

/** The loop was stopped before what it ran for was done. */
export class LoopStoppedError extends TrestleError {
  static override readonly code = "TRESTLE_LOOP_STOPPED";

  constructor(what: string) {
    super(
      "LoopStoppedError",
      new.target.code,
      `Cannot wait for ${what}: the event loop was stopped before it was done.\n` +
        "Call 'stop' after it has ended, or run the loop again: 'runUntilComplete' takes the same future once more.",
    );
  }
}
