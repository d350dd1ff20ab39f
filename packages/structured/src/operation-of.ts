// What a function that was given to the runtime returned must be an operation. Everything else is a mistake with a name.
import { describe, WrongFlavorError } from "@trestle/host";
import type { Operation, StructuredFunction } from "./operation.js";

const AsyncFunctionPrototype = Object.getPrototypeOf(async () => {}) as object;

/** Calls a structured function; throws WrongFlavorError where it is not one. An async function is refused before it starts. */
export function callStructured<A extends unknown[], T>(
  fn: StructuredFunction<A, T>,
  args: A,
  action: string,
): Operation<T> {
  if (typeof fn !== "function") throw notAFunction(fn, action);
  if (Object.getPrototypeOf(fn) === AsyncFunctionPrototype) throw asyncFunction(fn, action);
  return operationOf(fn(...args), action, fn);
}

/** Gives back what is an operation, and throws WrongFlavorError for everything else. */
export function operationOf<T>(value: Operation<T>, action: string, fn: unknown): Operation<T> {
  if (typeof value === "object" && value !== null && Symbol.iterator in value) return value;
  throw notAnOperation(value, action, fn);
}

function notAFunction(value: unknown, action: string): WrongFlavorError {
  const advice = isObject(value)
    ? isThenable(value)
      ? "That is a promise: its work runs already. Wait for it with 'yield* fromPromise(promise)'."
      : "Give the function itself and its arguments, not what a call of it returned."
    : "Give a generator function: 'function* () { ... }'.";
  return new WrongFlavorError(`Cannot ${action} with ${describe(value)}: a structured function is wanted.\n${advice}`);
}

function asyncFunction(fn: unknown, action: string): WrongFlavorError {
  return new WrongFlavorError(
    `Cannot ${action} with ${describe(fn)}: it belongs to the loop flavor.\n` +
      "Wrap it: 'asStructured(fn)' of @trestle/bridge runs it in a loop, " +
      "or write a generator function that calls it with 'yield* abortable((signal) => fn(signal))'.",
  );
}

function notAnOperation(value: unknown, action: string, fn: unknown): WrongFlavorError {
  if (isThenable(value)) {
    // Its rejection has nobody else to see it; the error thrown here is the one that counts.
    (value as PromiseLike<unknown>).then(undefined, () => {});
    return asyncFunction(fn, action);
  }
  const returned = `${describe(fn)} returned ${describe(value)}, not an operation`;
  return new WrongFlavorError(
    `Cannot ${action}: ${returned}.\nWrite it as a generator function: 'function* () { ... }'.`,
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isThenable(value: unknown): boolean {
  return isObject(value) && "then" in value && typeof value.then === "function";
}
