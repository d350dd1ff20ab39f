import { TrestleError } from "@trestle/host";

const forFutures =
  "Make it on the loop that waits for it, or hand its result over with 'addDoneCallback'.";

/** A future of one event loop was given to another, or a lock, a queue or the like was used on two. */
export class WrongLoopError extends TrestleError {
  static override readonly code = "TRESTLE_WRONG_LOOP";

  constructor(action: string, advice: string = forFutures) {
    super(
      "WrongLoopError",
      new.target.code,
      `Cannot ${action}: it belongs to another event loop.\n${advice}`,
    );
  }
}
