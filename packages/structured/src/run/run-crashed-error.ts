import { TrestleError, type Outcome } from "@trestle/host";

/**
 * Something failed in a run that main has no part in: a system task, or a callback of `runSoon`. All tasks were cancelled and
 * have unwound. `cause` is the error as it was thrown, or an ExceptionGroup where there were several.
 */
export class RunCrashedError extends TrestleError {
  static override readonly code = "TRESTLE_RUN_CRASHED";
  /** How main ended all the same; undefined where it did not. */
  readonly mainOutcome: Outcome<unknown> | undefined;

  constructor(
    main: string,
    places: readonly string[],
    cause: unknown,
    mainOutcome: Outcome<unknown> | undefined,
  ) {
    super(
      "RunCrashedError",
      new.target.code,
      `Cannot go on with the run of '${main}': ${places.join(", ")} failed.\n` +
        "The error is the 'cause', to be handled where it was thrown; how main ended is the 'mainOutcome'.",
      { cause },
    );
    this.mainOutcome = mainOutcome;
  }
}
