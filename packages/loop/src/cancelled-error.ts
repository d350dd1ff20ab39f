// What a cancelled task finds at the await it is cancelled at. Cancelling ten thousand tasks makes ten thousand of these, so
// the loop's own are made without Error's constructor and have no stack; one made with `new` has.
import { TrestleError } from "@trestle/host";

const brand = Symbol.for("trestle.error");

/**
 * A task or a future was cancelled. Clean up in `finally`, and let it pass where you catch everything: a task that ends with
 * it counts as cancelled, one that swallows it goes on.
 *
 * Source: asyncio. Flavor: loop.
 *
 * @example
 * ```ts
 * import { CancelledError, run, sleep } from "@trestle/loop";
 *
 * await run(async () => {
 *   try {
 *     await sleep(10);
 *   } catch (error) {
 *     if (error instanceof CancelledError) throw error;
 *     console.error("no sleep:", error);
 *   }
 * });
 * ```
 */
export class CancelledError extends TrestleError {
  static override readonly code = "TRESTLE_CANCELLED";

  /** @param message what was given to `cancel` */
  constructor(message = "") {
    super("CancelledError", new.target.code, message);
  }
}

Object.defineProperties(CancelledError.prototype, {
  [brand]: { value: true },
  name: { value: "CancelledError", configurable: true, writable: true },
  code: { value: CancelledError.code, configurable: true, writable: true },
  message: { value: "", configurable: true, writable: true },
  stack: { get: stack, set: setStack, configurable: true },
});

function stack(this: CancelledError): string {
  return this.message === "" ? "CancelledError" : `CancelledError: ${this.message}`;
}

function setStack(this: CancelledError, value: unknown): void {
  Object.defineProperty(this, "stack", { value, configurable: true, writable: true });
}

// A constructor function that skips Error's.
const Fresh = function (this: { message?: string }, message: string | undefined): void {
  if (message !== undefined) this.message = message;
} as unknown as new (message: string | undefined) => CancelledError;
Fresh.prototype = CancelledError.prototype;

/** Makes the error of a cancellation, without a stack. */
export function makeCancelledError(message: string | undefined): CancelledError {
  return new Fresh(message);
}
