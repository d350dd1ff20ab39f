import type { EncodedError } from "./encode-error.js";
import { errorClassOf } from "./error-classes.js";

const brand = Symbol.for("trestle.error");

/**
 * Makes an error again of what `encodeError` made. Its class is the one of that name which is built in, Trestle's or registered with
 * `registerErrorClass`; else it is an Error that has the class's name. What was thrown and was no error comes back as it was, and
 * what could not travel as an Error that describes it.
 *
 * Source: ours. Flavor: either. It waits for nothing and throws nothing.
 *
 * @param callerStack the lines of another stack, for the end of the error's own
 * @example
 * ```ts
 * import { encodeError, reviveError } from "@trestle/executor";
 *
 * const sent = encodeError(new TypeError("no such page"));
 * console.log(reviveError(sent) instanceof TypeError); // true
 * ```
 */
export function reviveError(encoded: EncodedError, callerStack?: string): unknown {
  switch (encoded.kind) {
    case "value":
      return encoded.value;
    case "description":
      return new Error(encoded.text);
    case "error":
      return revive(encoded, callerStack);
  }
}

function revive(
  encoded: EncodedError & { readonly kind: "error" },
  callerStack: string | undefined,
): Error {
  const { className, name, message, fields } = encoded;
  if (className === "DOMException") return reviveDomException(encoded, callerStack);
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new Error(message);
  Error.stackTraceLimit = stackTraceLimit;
  const known = errorClassOf(className) ?? errorClassOf(name);
  if (known !== undefined) Object.setPrototypeOf(error, known.prototype as object);
  if (error.name !== name) define(error, "name", name);
  define(error, "stack", joinStacks(encoded.stack, callerStack));
  if (encoded.cause !== undefined) define(error, "cause", reviveError(encoded.cause));
  if (encoded.errors !== undefined)
    define(
      error,
      "errors",
      encoded.errors.map((each) => reviveError(each)),
    );
  // Defined, as a class may have an accessor of that name.
  for (const [key, value] of Object.entries(fields))
    Object.defineProperty(error, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  const { code } = fields;
  // Trestle's errors are recognized by brand and code, whichever thread made them.
  if (typeof code === "string" && code.startsWith("TRESTLE_"))
    Object.defineProperty(error, brand, { value: true });
  return error;
}

// Its fields are on the prototype, and only its constructor can fill them.
function reviveDomException(
  encoded: EncodedError & { readonly kind: "error" },
  callerStack: string | undefined,
): Error {
  const error = new DOMException(encoded.message, encoded.name);
  define(error, "stack", joinStacks(encoded.stack, callerStack));
  if (encoded.cause !== undefined) define(error, "cause", reviveError(encoded.cause));
  return error;
}

/** A line of a thread's own code, which is a text without a file: as Node, Bun and Deno call it. */
const ownLine = /\n[ \t]+at [^\n]*(?:\[worker eval\]|\(blob:|\[ext:runtime\/web_worker)/u;

function joinStacks(whole: string, callerStack: string | undefined): string {
  // From there on, the lines say nothing about the error. A message may have many lines: each is looked at once.
  const [stack] = whole.split(ownLine, 1) as [string];
  return callerStack === undefined || callerStack === ""
    ? stack
    : `${stack}\n    --- worker boundary ---\n${callerStack}`;
}

function define(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, configurable: true, writable: true });
}
