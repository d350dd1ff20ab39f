import { TrestleError } from "@trestle/host";

/** An executor runs nothing any more: the initializer of its threads fails, with `cause`. */
export class BrokenExecutorError extends TrestleError {
  static override readonly code = "TRESTLE_BROKEN_EXECUTOR";

  constructor(cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      "BrokenExecutorError",
      new.target.code,
      `Cannot run jobs: the initializer of the executor's threads has failed: ${why}\nMend it, and make a new executor.`,
      { cause },
    );
  }
}
