import type { Operation } from "@trestle/structured";
import { AppError } from "./app-error.js";

type ErrorClass = abstract new (...args: never[]) => Error;

/** Runs the operation, with errors of the given classes turned into AppErrors of the given texts. */
export function* translating<T>(
  operation: Operation<T>,
  texts: readonly (readonly [ErrorClass, string])[],
): Operation<T> {
  try {
    return yield* operation;
  } catch (error) {
    const found = texts.find(([errorClass]) => error instanceof errorClass);
    throw found ? new AppError(found[1], { cause: error }) : error;
  }
}
