import { TrestleError } from "@trestle/host";

/** Something went wrong in a loop that has a description but no error: it ends the block of `openLoop`. */
export class LoopFailure extends TrestleError {
  static override readonly code = "TRESTLE_LOOP_FAILURE";

  constructor(message: string) {
    super("LoopFailure", new.target.code, message);
  }
}
