import { TrestleError } from "@trestle/host";

/** A run was cancelled from outside, by the `signal` that it was given. `cause` is the signal's reason. */
export class RunCancelledError extends TrestleError {
  static override readonly code = "TRESTLE_RUN_CANCELLED";

  constructor(main: string, reason: unknown) {
    super(
      "RunCancelledError",
      new.target.code,
      `Cannot give the value of the run of '${main}': it was cancelled from outside.\nThe 'cause' is the reason that was given.`,
      { cause: reason },
    );
  }
}
