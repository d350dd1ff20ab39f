import { TrestleError } from "@trestle/host";

/** A barrier was aborted, or was reset while somebody waited at it. Source: asyncio. */
export class BrokenBarrierError extends TrestleError {
  static override readonly code = "TRESTLE_BROKEN_BARRIER";

  constructor(cause: "aborted" | "reset") {
    super(
      "BrokenBarrierError",
      new.target.code,
      cause === "aborted"
        ? "Cannot wait at the barrier: it was aborted.\nCall 'reset' to use it again."
        : "Cannot wait at the barrier: it was reset meanwhile.\nWait again where all others do so, too.",
    );
  }
}
