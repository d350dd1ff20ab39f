import { TrestleError } from "@trestle/host";

/** A task ended inside a cancel scope or nursery that it had opened. Only an operation driven by hand can do that. */
export class ScopeLeftOpenError extends TrestleError {
  static override readonly code = "TRESTLE_SCOPE_LEFT_OPEN";

  constructor(task: string, scope: string | undefined) {
    super(
      "ScopeLeftOpenError",
      new.target.code,
      `Cannot end task '${task}' properly: it left ${scope === undefined ? "a scope or nursery" : `scope '${scope}'`} open.\n` +
        "Run operations by 'yield*' only; do not call 'next' on them.",
    );
  }
}
