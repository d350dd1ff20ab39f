// What was given as work for a task must be a function of the loop flavor. Everything else is a mistake with a name.
import { describe, WrongFlavorError } from "@trestle/host";

/** A function of the loop flavor: an async function, or another that returns a promise or a Future. */
export type LoopFunction<A extends unknown[], T> = (...args: A) => PromiseLike<T>;

/** Throws WrongFlavorError where the value is no function of the loop flavor. */
export function checkLoopFunction(
  fn: unknown,
  action: string,
): asserts fn is LoopFunction<never[], unknown> {
  if (typeof fn !== "function") throw noLoopFunction(fn, action);
  const kind = kindOf(fn);
  if (kind === "GeneratorFunction") throw structured(action, fn);
  if (kind === "AsyncGeneratorFunction") throw manyValues(fn, action);
}

/** Throws WrongFlavorError where the value is no plain function: a callback has nobody who would await what it returns. */
export function checkCallback(
  fn: unknown,
  action: string,
): asserts fn is (...args: never[]) => unknown {
  if (typeof fn !== "function")
    throw new WrongFlavorError(
      `Cannot ${action} with ${describe(fn)}: a function is wanted.\nGive the function itself, and its arguments after it.`,
    );
  const kind = kindOf(fn);
  if (kind === "AsyncFunction") {
    throw new WrongFlavorError(
      `Cannot ${action} with ${describe(fn)}: nobody would await it.\nGive it to 'createTask', or in a callback 'loop.createTask(${nameOf(fn)})'.`,
    );
  }
  if (kind === "GeneratorFunction") throw structured(action, fn);
}

/** Calls the body of a block. Throws WrongFlavorError where it gives an operation, which an `await` would let pass at once. */
export function callBody<A extends unknown[], T>(
  body: LoopFunction<A, T>,
  args: A,
  action: string,
): PromiseLike<T> {
  const returned = body(...args);
  if (isOperation(returned)) throw returnedOperation(action, body);
  return returned;
}

/** Whether a value is what a structured function returns: it can be run by `yield*` and not be awaited. */
export function isOperation(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    Symbol.iterator in value &&
    "next" in value &&
    typeof value.next === "function"
  );
}

/** The error for a function that returned an operation. */
export function returnedOperation(action: string, fn: unknown): WrongFlavorError {
  return structured(action, fn);
}

/** What sort of function it is. To ask for its prototype costs V8 a call of its runtime. */
function kindOf(fn: object): unknown {
  return (fn as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
}

// The errors are made out of the way, for V8 to inline what checks.
function noLoopFunction(value: unknown, action: string): WrongFlavorError {
  return new WrongFlavorError(
    `Cannot ${action} with ${describe(value)}: an async function is wanted.\n${advice(value)}`,
  );
}

function manyValues(fn: unknown, action: string): WrongFlavorError {
  return new WrongFlavorError(
    `Cannot ${action} with ${describe(fn)}: it gives many values.\nIterate in an async function: 'async () => { for await (const item of ${nameOf(fn)}()) ... }'.`,
  );
}

function structured(action: string, fn: unknown): WrongFlavorError {
  return new WrongFlavorError(
    `Cannot ${action} with ${describe(fn)}: it belongs to the structured flavor.\nWrap it: 'asLoop(${nameOf(fn)})' of @trestle/bridge is a function of the loop flavor.`,
  );
}

function advice(value: unknown): string {
  if (isOperation(value)) {
    return "That is an operation of the structured flavor. Wrap its function: 'asLoop(fn)' of @trestle/bridge.";
  }
  if (typeof value === "object" && value !== null && "then" in value) {
    return "That is a promise: its work runs already. Await it, or give the function itself and its arguments.";
  }
  return "Give the function itself, not what a call of it returned.";
}

function nameOf(fn: unknown): string {
  return (typeof fn === "function" && fn.name) || "fn";
}
