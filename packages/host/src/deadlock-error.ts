import { TrestleError } from "./trestle-error.js";

/** Everything is parked and nothing is left that could wake any of it. The message names each and what it waits for. */
export class DeadlockError extends TrestleError {
  static override readonly code = "TRESTLE_DEADLOCK";
  /** A line for each thing that is parked, with what it waits for. */
  readonly parked: readonly string[];

  constructor(parked: readonly string[]) {
    super(
      "DeadlockError",
      new.target.code,
      "Cannot go on: everything is parked, and no timer, I/O or other event is left to wake any of it.\n" +
        parked.map((line) => `  ${line}`).join("\n"),
    );
    this.parked = parked;
  }
}
