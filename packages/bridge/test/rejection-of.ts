import { ExceptionGroup } from "@trestle/host";

/** Gives what a promise rejects with; rejects itself where the promise does not. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`Expected a rejection, got ${String(value)}.`);
}

/** Gives the members of the ExceptionGroup that a promise rejects with; rejects itself where it does not. */
export async function groupedErrorsOf(promise: Promise<unknown>): Promise<readonly unknown[]> {
  const error = await rejectionOf(promise);
  if (error instanceof ExceptionGroup) return error.errors;
  throw new Error("Expected an ExceptionGroup.", { cause: error });
}
