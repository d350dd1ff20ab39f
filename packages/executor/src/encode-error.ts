// Errors between threads and machines. The platform's own clone keeps of an error its message and stack, and the class of the
// few that are built in; what a caller needs beside is taken along by hand, as plain data.

/** An error as plain data, with all that can travel of it. `reviveError` makes an error of it again. */
export type EncodedError =
  | {
      readonly kind: "error";
      /** The name of the class that made it. */
      readonly className: string;
      readonly name: string;
      readonly message: string;
      readonly stack: string;
      /** Its own properties, such as `code`. */
      readonly fields: Readonly<Record<string, unknown>>;
      readonly cause?: EncodedError;
      /** Of a group of errors. */
      readonly errors?: readonly EncodedError[];
    }
  /** Something else that was thrown. */
  | { readonly kind: "value"; readonly value: unknown }
  /** Something that cannot travel, in words. */
  | { readonly kind: "description"; readonly text: string };

/** How an error is encoded. */
export interface EncodeOptions {
  /** Whether a value can travel; unless given, whether the platform can clone it. For JSON say what that can take. */
  readonly canTravel?: ((value: unknown) => boolean) | undefined;
}

/**
 * Encodes whatever was thrown: class and name, message, stack, cause, the errors of a group, and all own properties that can
 * travel. It never throws.
 *
 * Source: ours. Flavor: either. It waits for nothing.
 *
 * @example
 * ```ts
 * import { encodeError, reviveError } from "@trestle/executor";
 *
 * const text = JSON.stringify(encodeError(new RangeError("too far"), { canTravel: isPlain }));
 * throw reviveError(JSON.parse(text));
 *
 * function isPlain(value: unknown): boolean {
 *   return value === null || ["string", "number", "boolean"].includes(typeof value);
 * }
 * ```
 */
export function encodeError(thrown: unknown, options: EncodeOptions = {}): EncodedError {
  return encode(thrown, options.canTravel ?? isCloneable, new Set());
}

/** Whether the platform can copy a value to another thread. */
export function isCloneable(value: unknown): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false;
  if (typeof value !== "object" || value === null) return true;
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

const told = new Set(["name", "message", "stack", "cause", "errors"]);

function encode(
  thrown: unknown,
  canTravel: (value: unknown) => boolean,
  above: Set<object>,
): EncodedError {
  if (!isError(thrown)) {
    if (canTravel(thrown)) return { kind: "value", value: thrown };
    return { kind: "description", text: textOf(thrown) };
  }
  // A cause may lead back to where it came from.
  if (above.has(thrown)) return { kind: "description", text: textOf(thrown) };
  above.add(thrown);
  const cause = read(thrown, "cause");
  const errors = read(thrown, "errors");
  const encoded: EncodedError = {
    kind: "error",
    className: className(thrown),
    name: stringOf(read(thrown, "name"), "Error"),
    message: stringOf(read(thrown, "message"), ""),
    stack: stringOf(read(thrown, "stack"), ""),
    fields: fieldsOf(thrown, canTravel),
    ...(cause === undefined ? {} : { cause: encode(cause, canTravel, above) }),
    ...(Array.isArray(errors)
      ? { errors: errors.map((error) => encode(error, canTravel, above)) }
      : {}),
  };
  above.delete(thrown);
  return encoded;
}

function isError(thrown: unknown): thrown is object {
  return thrown instanceof Error || Object.prototype.toString.call(thrown) === "[object Error]";
}

function fieldsOf(error: object, canTravel: (value: unknown) => boolean): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(error)) {
    const value = read(error, key);
    if (!told.has(key) && value !== undefined && canTravel(value)) fields[key] = value;
  }
  return fields;
}

function className(error: object): string {
  const made = read(error, "constructor");
  return typeof made === "function" ? made.name : "Error";
}

function read(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function stringOf(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
