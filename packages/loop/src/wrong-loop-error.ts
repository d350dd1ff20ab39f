import { TrestleError } from "@trestle/host";

/** A future of one event loop was given to another. */
export class WrongLoopError extends TrestleError {
  static override readonly code = "TRESTLE_WRONG_LOOP";

  constructor(action: string) {
    super(
      "WrongLoopError",
      new.target.code,
      `Cannot ${action}: it belongs to another event loop.\nMake it on the loop that waits for it, or hand its result over with 'addDoneCallback'.`,
    );
  }
}
