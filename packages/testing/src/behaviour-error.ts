import { TrestleError } from "@trestle/host";

/** Something does not behave as everything of its kind must. Test runners show `expected` beside `actual`. */
export class BehaviourError extends TrestleError {
  static override readonly code = "TRESTLE_BEHAVIOUR";
  readonly expected: unknown;
  readonly actual: unknown;

  constructor(message: string, expected: unknown, actual: unknown) {
    super("BehaviourError", new.target.code, message);
    this.expected = expected;
    this.actual = actual;
  }
}
