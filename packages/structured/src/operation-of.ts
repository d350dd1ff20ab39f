// What is given to the runtime must be a structured function, and what it returns an operation. Everything else is a mistake
// with a name.
import { describe, WrongFlavorError } from "@trestle/host";
import { isObject } from "./is-object.js";
import type { Operation, StructuredFunction } from "./operation.js";

/**
 * Calls a function that somebody has given as a structured one.
 *
 * It waits for nothing: the operation is run by `yield*`. Source: ours. Flavor: structured.
 *
 * @param action what is done with the function, for the error: "open a nursery"
 * @throws WrongFlavorError where it is no structured function; an async function is refused before it starts
 * @example
 * ```ts
 * import { run, type Operation } from "@trestle/structured";
 * import { callStructured } from "@trestle/structured/lowlevel";
 *
 * function* twice(body: (round: number) => Operation<void>): Operation<void> {
 *   yield* callStructured(body, [1], "run a body twice");
 *   yield* callStructured(body, [2], "run a body twice");
 * }
 *
 * await run(() => twice(function* (round) {
 *   console.log(round);
 * }));
 * ```
 */
export function callStructured<A extends unknown[], T>(
  fn: StructuredFunction<A, T>,
  args: A,
  action: string,
): Operation<T> {
  const kind = kindOf(fn, action);
  const value = fn(...args);
  if (kind === "GeneratorFunction") return value;
  // An array is iterable too, and an empty one would pass for an operation that has ended.
  if (isObject(value) && Symbol.iterator in value && !Array.isArray(value)) return value;
  throw notAnOperation(value, action, fn);
}

/**
 * Throws for what can be told from a structured function without calling it: an async function, a promise, what is no function.
 * It is for those who take a structured function, and answer at the call.
 *
 * Source: ours. Flavor: either. It waits for nothing.
 *
 * @param fn what should be a structured function
 * @param action what cannot be done otherwise, for the message: "start a task"
 * @throws WrongFlavorError, which names the call that was meant
 * @example
 * ```ts
 * import type { StructuredFunction } from "@trestle/structured";
 * import { requireStructured } from "@trestle/structured/lowlevel";
 *
 * function register(fn: StructuredFunction<[], void>): void {
 *   requireStructured(fn, "register a function");
 * }
 * ```
 */
export function requireStructured(fn: unknown, action: string): void {
  kindOf(fn, action);
}

/** Gives what the platform calls such functions; nothing special for a plain one. */
function kindOf(fn: unknown, action: string): unknown {
  if (typeof fn !== "function") throw notAFunction(fn, action);
  const kind = (fn as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (kind === "AsyncFunction") throw asyncFunction(fn, action);
  if (kind === "AsyncGeneratorFunction") throw asyncGenerator(fn, action);
  return kind;
}

function notAFunction(value: unknown, action: string): WrongFlavorError {
  return new WrongFlavorError(
    `Cannot ${action} with ${describe(value)}: a structured function is wanted.\n${adviceFor(value)}`,
  );
}

function adviceFor(value: unknown): string {
  if (!isObject(value)) return "Give a generator function: 'function* () { ... }'.";
  if (isThenable(value) && !(Symbol.iterator in value)) {
    return "That is a promise: its work runs already. Wait for it with 'yield* fromPromise(promise)'.";
  }
  return "Give the function itself and its arguments, not what a call of it returned.";
}

function asyncFunction(fn: unknown, action: string): WrongFlavorError {
  return new WrongFlavorError(
    `Cannot ${action} with ${describe(fn)}: it belongs to the loop flavor.\n` +
      "Wrap it: 'asStructured(fn)' of @trestle/bridge runs it in a loop, " +
      "or write a generator function that calls it with 'yield* abortable((signal) => fn(signal))'.",
  );
}

function asyncGenerator(fn: unknown, action: string): WrongFlavorError {
  return new WrongFlavorError(
    `Cannot ${action} with ${describe(fn)}: it belongs to the loop flavor.\n` +
      "Write a generator function; one that reads an async iterable gets it through 'asStructured' of @trestle/bridge.",
  );
}

function notAnOperation(value: unknown, action: string, fn: unknown): WrongFlavorError {
  if (isThenable(value)) {
    // Its rejection has nobody else to see it; the error thrown here is the one that counts.
    value.then(undefined, () => {});
    return asyncFunction(fn, action);
  }
  const returned = `${describe(fn)} returned ${describe(value)}, not an operation`;
  return new WrongFlavorError(
    `Cannot ${action}: ${returned}.\nWrite it as a generator function: 'function* () { ... }'.`,
  );
}

function isThenable(
  value: unknown,
): value is { then(resolved: undefined, rejected: () => void): void } {
  return isObject(value) && "then" in value && typeof value["then"] === "function";
}
