import { describe } from "./describe.js";

const brand = Symbol.for("trestle.exception-group");

/**
 * Several errors that happened side by side, in the order of their arrival. Nurseries and task groups throw it, also for one
 * error, so that a caller always finds the same shape.
 *
 * Source: Python's ExceptionGroup, on JavaScript's AggregateError. Flavor: either.
 *
 * @example
 * ```ts
 * import { ExceptionGroup } from "@trestle/host";
 *
 * const group = new ExceptionGroup("two downloads failed", [new Error("a"), new RangeError("b")]);
 * const [ranges, rest] = group.split((error) => error instanceof RangeError);
 * ```
 */
export class ExceptionGroup extends AggregateError {
  declare readonly errors: unknown[];

  constructor(message: string, errors: Iterable<unknown>, options?: ErrorOptions) {
    const members = [...errors];
    if (members.length === 0) {
      throw new RangeError(
        "Cannot make an 'ExceptionGroup': it has no errors.\nThrow nothing, or a single error.",
      );
    }
    super(members, message, options);
    Object.defineProperty(this, "name", {
      value: "ExceptionGroup",
      configurable: true,
      writable: true,
    });
    Object.defineProperty(this, brand, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== "object" || value === null) return false;
    if (Object.prototype.isPrototypeOf.call(this.prototype, value)) return true;
    return this === ExceptionGroup && brand in value;
  }

  /** The errors that are no groups, of this group and of all groups within it, in order. */
  flatten(): unknown[] {
    const flat: unknown[] = [];
    // Not by recursion: groups of nurseries nest as deep as these do.
    const left = this.errors.toReversed();
    while (left.length > 0) {
      const error = left.pop();
      if (!(error instanceof ExceptionGroup)) flat.push(error);
      else for (const inner of error.errors.toReversed()) left.push(inner);
    }
    return flat;
  }

  /**
   * Splits into the errors that match and the rest, both with the structure kept; undefined where a side has none.
   *
   * @param matches asked for each error that is no group
   */
  split(
    matches: (error: unknown) => boolean,
  ): [matching: ExceptionGroup | undefined, rest: ExceptionGroup | undefined] {
    const matching: unknown[] = [];
    const rest: unknown[] = [];
    for (const error of this.errors) {
      if (error instanceof ExceptionGroup) {
        const [inside, outside] = error.split(matches);
        if (inside) matching.push(inside);
        if (outside) rest.push(outside);
      } else {
        (matches(error) ? matching : rest).push(error);
      }
    }
    return [this.#derive(matching), this.#derive(rest)];
  }

  /** One line per error, nested groups indented, each error's first line only. */
  summary(): string {
    return [this.message, ...this.errors.map((error) => indent(summarize(error)))].join("\n");
  }

  #derive(errors: unknown[]): ExceptionGroup | undefined {
    if (errors.length === 0) return undefined;
    if (
      errors.length === this.errors.length &&
      errors.every((error, i) => error === this.errors[i])
    )
      return this;
    const derived = new ExceptionGroup(
      this.message,
      errors,
      "cause" in this ? { cause: this.cause } : undefined,
    );
    if (this.stack !== undefined) derived.stack = this.stack;
    return derived;
  }
}

function summarize(error: unknown): string {
  if (error instanceof ExceptionGroup) return error.summary();
  return describe(error).split("\n", 1)[0] ?? "";
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}
