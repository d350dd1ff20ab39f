import { TrestleError } from "@trestle/host";

/** An operation that can run once was run again. */
export class BlockReusedError extends TrestleError {
  static override readonly code = "TRESTLE_BLOCK_REUSED";

  constructor(action: string) {
    super(
      "BlockReusedError",
      new.target.code,
      `Cannot ${action} twice with one operation: it has run already.\nMake a new one for each 'yield*'.`,
    );
  }
}
