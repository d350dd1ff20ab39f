// The errors that programs throw on purpose, and how errors are printed in traces and outcomes.
import { ExceptionGroup } from "@trestle/host";

/** An ordinary error of a program. Its message is the whole of it. */
export class AppError extends Error {
  override readonly name = "AppError";
}

/**
 * Splits an error into its AppErrors and the rest, both with the structure of groups kept; undefined where a side has none.
 */
export function splitAppErrors(error: unknown): [appErrors: unknown, rest: unknown] {
  if (error instanceof AppError) return [error, undefined];
  if (error instanceof ExceptionGroup) return error.split((member) => member instanceof AppError);
  return [undefined, error];
}

/** Prints an error: a group as its members' texts, sorted, in parentheses. */
export function printError(error: unknown): string {
  if (error instanceof ExceptionGroup)
    return `(${error.errors.map(printError).toSorted().join(" ")})`;
  return printLeaf(error);
}

/** Prints an error as its leaves only, sorted, whatever layers of groups there are. */
export function printLeaves(error: unknown): string {
  const leaves = error instanceof ExceptionGroup ? error.flatten() : [error];
  return leaves.map(printLeaf).toSorted().join(" ");
}

function printLeaf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  if (!(error instanceof Error)) return String(error);
  return error.name === "CancelledError" ? error.name : `${error.name}: ${error.message}`;
}
