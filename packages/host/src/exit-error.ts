import { ArgumentError } from "./argument-error.js";
import { describe } from "./describe.js";
import { ExceptionGroup } from "./exception-group.js";
import { TrestleError } from "./trestle-error.js";

/**
 * Ends the program that throws it, with that exit code and without a report. Cleanup runs; no exception handler is asked.
 *
 * Source: Python's SystemExit. Flavor: either.
 *
 * @example
 * ```ts
 * import { ExitError } from "@trestle/host";
 *
 * function checkArguments(args: readonly string[]): void {
 *   if (args.length === 0) throw new ExitError(2);
 * }
 * ```
 */
export class ExitError extends TrestleError {
  static override readonly code = "TRESTLE_EXIT";
  /** What the process ends with: a whole number from 0 to 255. */
  readonly exitCode: number;

  /**
   * @param exitCode a whole number from 0 to 255; 0 unless given
   * @throws ArgumentError
   */
  constructor(exitCode = 0) {
    if (!Number.isInteger(exitCode) || exitCode < 0 || exitCode > 255) {
      throw new ArgumentError(
        `Cannot exit with ${describe(exitCode)}: an exit code is a whole number from 0 to 255.`,
      );
    }
    super("ExitError", new.target.code, `The program ends with exit code ${exitCode}.`);
    this.exitCode = exitCode;
  }
}

/**
 * Finds the first ExitError in an error: itself, or in a group. Undefined where there is none.
 *
 * Source: ours, for Python's SystemExit. Flavor: either. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { ExceptionGroup, ExitError, exitErrorIn } from "@trestle/host";
 *
 * const group = new ExceptionGroup("two tasks", [new Error("one"), new ExitError(3)]);
 * console.log(exitErrorIn(group)?.exitCode); // 3
 * ```
 */
export function exitErrorIn(error: unknown): ExitError | undefined {
  if (error instanceof ExitError) return error;
  if (!(error instanceof ExceptionGroup)) return undefined;
  return error.flatten().find((one): one is ExitError => one instanceof ExitError);
}
