import { TrestleError } from "@trestle/host";

/** Something that acts on the current task was used in code that no task runs. */
export class NoTaskError extends TrestleError {
  static override readonly code = "TRESTLE_NO_TASK";

  constructor(action: string) {
    super(
      "NoTaskError",
      new.target.code,
      `Cannot ${action}: no task of the event loop is running here.\n` +
        "Call it in an async function that 'run' or 'createTask' started; from structured code cross over with 'asStructured' " +
        "of @trestle/bridge.",
    );
  }
}
