import { describe, WrongFlavorError } from "@trestle/host";
import { isObject } from "./is-object.js";
import type { OperationIterator, Suspended } from "./operation.js";
import { throwInto } from "./throw-into.js";

/** Tells a generator that it yielded something that is not the runtime's, at the place where it did. */
export function refuseYield(
  iterator: OperationIterator<unknown>,
  value: unknown,
): IteratorResult<Suspended, unknown> {
  const error = explainYield(value);
  try {
    return throwInto(iterator, error);
  } catch (thrown) {
    throw thrown !== error && lacksThrow(thrown) ? explainIterable(value) : thrown;
  }
}

/** Whether the platform complains that what stands behind a `yield*` cannot be told: an array, say. */
function lacksThrow(thrown: unknown): boolean {
  return thrown instanceof TypeError && /'throw' method/u.test(thrown.message);
}

function explainIterable(item: unknown): WrongFlavorError {
  return new WrongFlavorError(
    `Cannot run an iterable that gave ${describe(item)}: it is no operation.\nGo through its items with 'for' or 'eachOf'.`,
  );
}

/** The error for a generator that yielded something that is not the runtime's: it names what was meant. */
export function explainYield(value: unknown): WrongFlavorError {
  return new WrongFlavorError(
    `Cannot wait for ${describe(value)}: a plain 'yield' is not for structured code.\n${advice(value)}`,
  );
}

function advice(value: unknown): string {
  if (isObject(value)) {
    if (Symbol.asyncIterator in value)
      return "Give an async iterable to 'asStructured' of @trestle/bridge.";
    if (
      typeof value["next"] === "function" ||
      (Symbol.iterator in value && !Array.isArray(value))
    ) {
      return "An operation is run by 'yield*', with the star.";
    }
    if (typeof value["then"] === "function") {
      return (
        "Write 'yield* fromPromise(promise)' for a promise that you were handed, 'yield* abortable((signal) => ...)' for " +
        "one that you start, or call an async function through 'asStructured' of @trestle/bridge."
      );
    }
  }
  if (typeof value === "function") return "Call the function, and write 'yield*' before the call.";
  return "Operations are run by 'yield*'; to give others a turn, write 'yield* checkpoint()'.";
}
