import { TrestleError } from "@trestle/host";

/** Something that needs a running event loop was used where there is none. */
export class NoLoopError extends TrestleError {
  static override readonly code = "TRESTLE_NO_LOOP";

  constructor(action: string) {
    super(
      "NoLoopError",
      new.target.code,
      `Cannot ${action}: no event loop is running here.\n` +
        "Start one with 'run(async () => { ... })' of @trestle/loop; from structured code cross over with 'asStructured' " +
        "of @trestle/bridge.",
    );
  }
}
