import { describe, TrestleError } from "@trestle/host";

/** A child was to be started in a nursery whose block has ended. */
export class NurseryClosedError extends TrestleError {
  static override readonly code = "TRESTLE_NURSERY_CLOSED";

  constructor(fn: unknown) {
    super(
      "NurseryClosedError",
      new.target.code,
      `Cannot start ${describe(fn)}: the nursery is closed, its block has ended.\n` +
        "Start children while the block runs, or keep it open with a child that waits.",
    );
  }
}
