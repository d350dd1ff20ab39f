import { TrestleError } from "@trestle/host";

/** A call from one flavor to the other was made where no loop of the bridge is open. */
export class NoHostedLoopError extends TrestleError {
  static override readonly code = "TRESTLE_NO_HOSTED_LOOP";

  constructor(action: string) {
    super(
      "NoHostedLoopError",
      new.target.code,
      `Cannot ${action}: no loop is open here.\n` +
        "Open one around it with 'yield* openLoop(function* (loop) { ... })', start the program with 'run' of @trestle/bridge, " +
        "or name the loop with '{ loop }'. In a program of the loop flavor, give structured code to 'runInLoop'.",
    );
  }
}
