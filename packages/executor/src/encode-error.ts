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
 * travel. It never throws, whatever the error's own getters do. Of a tree of causes and groups that has no end it takes the first
 * thousand errors.
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
  return new Encoding(options.canTravel ?? isCloneable).encode(thrown);
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

/** A chain of causes may be long, and a group may hold the same errors over and over: so much of it is taken. */
const MOST_ERRORS = 1000;

const told = new Set(["name", "message", "stack", "cause", "errors"]);

/** The encoding of one error, with those that it leads to. Whatever belongs to an error may throw when it is looked at. */
class Encoding {
  readonly #canTravel: (value: unknown) => boolean;
  readonly #above = new Set<unknown>();
  #left = MOST_ERRORS;

  constructor(canTravel: (value: unknown) => boolean) {
    this.#canTravel = canTravel;
  }

  encode(thrown: unknown): EncodedError {
    if (!isError(thrown)) {
      if (this.#travels(thrown)) return { kind: "value", value: thrown };
      return { kind: "description", text: textOf(thrown) };
    }
    // A cause may lead back to where it came from.
    if (this.#above.has(thrown) || this.#left === 0)
      return { kind: "description", text: textOf(thrown) };
    this.#left--;
    this.#above.add(thrown);
    const cause = read(thrown, "cause");
    const errors = listOf(read(thrown, "errors"));
    const encoded: EncodedError = {
      kind: "error",
      className: className(thrown),
      name: stringOf(read(thrown, "name"), "Error"),
      message: stringOf(read(thrown, "message"), ""),
      stack: stringOf(read(thrown, "stack"), ""),
      fields: this.#fieldsOf(thrown),
      ...(cause === undefined ? {} : { cause: this.encode(cause) }),
      ...(errors === undefined ? {} : { errors: errors.map((error) => this.encode(error)) }),
    };
    this.#above.delete(thrown);
    return encoded;
  }

  #fieldsOf(error: object): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    for (const key of attempt(() => Object.keys(error)) ?? []) {
      const value = read(error, key);
      if (!told.has(key) && value !== undefined && this.#travels(value)) fields[key] = value;
    }
    return fields;
  }

  #travels(value: unknown): boolean {
    return attempt(() => this.#canTravel(value)) ?? false;
  }
}

/** Whether this is an error, of whatever realm. */
export function isError(thrown: unknown): thrown is object {
  const found = attempt(
    () => thrown instanceof Error || Object.prototype.toString.call(thrown) === "[object Error]",
  );
  return found ?? false;
}

function className(error: object): string {
  const made = read(error, "constructor");
  return typeof made === "function" ? stringOf(read(made, "name"), "Error") : "Error";
}

function listOf(errors: unknown): readonly unknown[] | undefined {
  // By its numbers alone: what else an array has may be somebody's own.
  return attempt(() =>
    Array.isArray(errors)
      ? Array.from({ length: Math.min(errors.length, MOST_ERRORS) }, (_, at) => errors[at])
      : undefined,
  );
}

function read(object: object, key: string): unknown {
  return attempt(() => (object as Record<string, unknown>)[key]);
}

function stringOf(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

function textOf(value: unknown): string {
  return (
    attempt(() => String(value)) ??
    attempt(() => Object.prototype.toString.call(value)) ??
    `(${typeof value})`
  );
}

/** What a function gives; undefined where it throws. */
function attempt<T>(fn: () => T): T | undefined {
  try {
    return fn();
  } catch {
    return undefined;
  }
}
