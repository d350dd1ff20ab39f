import { describe, TrestleError } from "@trestle/host";

/** A value cannot be copied to another thread: a function, a symbol, something with either inside. `cause` names it. */
export class UncloneableError extends TrestleError {
  static override readonly code = "TRESTLE_UNCLONEABLE";

  /** @param what such as "the result of 'crunch'" */
  constructor(what: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : describe(cause);
    super(
      "UncloneableError",
      new.target.code,
      `Cannot send ${what} to another thread: ${why}\n` +
        "Send plain data. What the job needs of this thread it can call back, by `host: { name: fn }`.",
      { cause },
    );
  }
}
