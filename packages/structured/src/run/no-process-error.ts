import { TrestleError } from "@trestle/host";

/** `main` was called where there is no process with signals and an exit code: in a browser. */
export class NoProcessError extends TrestleError {
  static override readonly code = "TRESTLE_NO_PROCESS";

  constructor() {
    super(
      "NoProcessError",
      new.target.code,
      "Cannot run a program by 'main': this platform has no process with signals and an exit code.\n" +
        "Call 'run(fn)' instead; its promise gives the value or the error, and its 'signal' option cancels it.",
    );
  }
}
