import { TrestleError } from "@trestle/host";

/** A cancel scope was entered a second time. */
export class ScopeReusedError extends TrestleError {
  static override readonly code = "TRESTLE_SCOPE_REUSED";

  constructor(name: string | undefined) {
    super(
      "ScopeReusedError",
      new.target.code,
      `Cannot enter the CancelScope${name === undefined ? "" : ` '${name}'`}: it has been entered before.\n` +
        "A scope is for one block; make a new one for each.",
    );
  }
}
