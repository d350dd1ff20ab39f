import { describe, TrestleError } from "@trestle/host";

/** Nothing can be listened to at an address: it is in use, not of this machine, not allowed. The cause is the system's error. */
export class ListenError extends TrestleError {
  static override readonly code = "TRESTLE_LISTEN";

  constructor(at: string, cause: unknown) {
    super("ListenError", new.target.code, `Cannot listen at '${at}': ${describe(cause)}`, {
      cause,
    });
  }
}
