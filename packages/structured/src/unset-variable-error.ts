import { TrestleError } from "@trestle/host";

/** A context variable was read that has neither a value here nor a default. */
export class UnsetVariableError extends TrestleError {
  static override readonly code = "TRESTLE_UNSET_VARIABLE";

  constructor(name: string) {
    super(
      "UnsetVariableError",
      new.target.code,
      `Cannot get the variable '${name}': it is not set in this task.\nGive it a 'defaultValue', or set it in a parent task first.`,
    );
  }
}
