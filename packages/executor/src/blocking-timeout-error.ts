import { TrestleError } from "@trestle/host";

/** A call that blocked its thread took longer than it was given. What it did was ended, with its thread. */
export class BlockingTimeoutError extends TrestleError {
  static override readonly code = "TRESTLE_BLOCKING_TIMEOUT";

  constructor(job: string, timeoutMs: number) {
    super(
      "BlockingTimeoutError",
      new.target.code,
      `Cannot wait longer for '${job}': it has not ended within ${timeoutMs} ms.\nGive it more time, or make it shorter.`,
    );
  }
}
