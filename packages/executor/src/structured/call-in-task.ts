import { describe, WrongFlavorError } from "@trestle/host";
import type { Operation } from "@trestle/structured";
import type { HostCall, HostFunctions } from "../host-call.js";
import { hostFunction } from "../host-functions.js";
import { isThenable } from "../is-thenable.js";

/**
 * Runs what a job calls back, in the task that is current: a plain function, or a structured one.
 *
 * @throws HostFunctionError where it was not given; WrongFlavorError for an async function; what it throws
 */
export function* callInTask(functions: HostFunctions, call: HostCall): Operation<unknown> {
  const fn = hostFunction(functions, call.name);
  const result = fn(...call.args);
  if (isOperation(result)) return yield* result;
  if (isThenable(result)) {
    result.then(undefined, () => {});
    throw new WrongFlavorError(
      `Cannot call '${call.name}' from a job: ${describe(fn)} belongs to the loop flavor.\n` +
        "Write a generator function that calls it with `yield* abortable((signal) => fn(signal))`, or wrap it with `asStructured`.",
    );
  }
  return result;
}

/** An operation is iterable, as many values are; but it is an iterator as well, or refuses an `await`. */
function isOperation(value: unknown): value is Operation<unknown> {
  if (typeof value !== "object" || value === null || !(Symbol.iterator in value)) return false;
  return "then" in value || "next" in value;
}
