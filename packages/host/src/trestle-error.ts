// The root of all errors that Trestle makes. Two copies of a package make two classes of one name; instanceof goes by the
// registered brand and the code, so that either copy recognizes the other's errors.
const brand = Symbol.for("trestle.error");

/**
 * An error that Trestle made. `code` is stable and tells the failures apart; `docs/errors.md` has an entry for each.
 *
 * Flavor: either. `instanceof` holds across copies of a package.
 *
 * @example
 * ```ts
 * import { TrestleError } from "@trestle/host";
 *
 * try {
 *   throw new TrestleError("ExampleError", "TRESTLE_EXAMPLE", "Cannot open 'door': it is locked.");
 * } catch (error) {
 *   if (error instanceof TrestleError) console.error(error.code);
 * }
 * ```
 */
export class TrestleError extends Error {
  /** The code of the class's errors; undefined on TrestleError itself, which stands for all of them. */
  static readonly code: string | undefined = undefined;

  readonly code: string;

  constructor(name: string, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, "name", { value: name, configurable: true, writable: true });
    Object.defineProperty(this, brand, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== "object" || value === null) return false;
    if (Object.prototype.isPrototypeOf.call(this.prototype, value)) return true;
    if (!(brand in value)) return false;
    // A class without a code of its own stands for nothing that another copy could have made.
    return (
      this === TrestleError ||
      (Object.hasOwn(this, "code") && this.code === (value as { code?: unknown }).code)
    );
  }
}
