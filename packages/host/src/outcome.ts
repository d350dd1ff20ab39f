/** How something ended: with a value or with an error. */
export type Outcome<T> = Success<T> | Failure;

/** How something ended well. Source: the `outcome` package of Python. */
export interface Success<T> {
  readonly ok: true;
  readonly value: T;
}

/** How something failed. Source: the `outcome` package of Python. */
export interface Failure {
  readonly ok: false;
  readonly error: unknown;
}

const nothing: Success<undefined> = Object.freeze({ ok: true, value: undefined });

/**
 * Makes the outcome of something that ended well.
 *
 * Source: ours, after the `outcome` package of Python. Flavor: either. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { success } from "@trestle/host";
 *
 * const outcome = success(42);
 * ```
 */
export function success(): Success<undefined>;
export function success<T>(value: T): Success<T>;
export function success(value?: unknown): Success<unknown> {
  return value === undefined ? nothing : { ok: true, value };
}

/**
 * Makes the outcome of something that failed.
 *
 * Source: ours, after the `outcome` package of Python. Flavor: either. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { failure } from "@trestle/host";
 *
 * const outcome = failure(new Error("no route"));
 * ```
 */
export function failure(error: unknown): Failure {
  return { ok: false, error };
}

/**
 * Gives the value of an outcome, or throws its error.
 *
 * Source: ours, after the `outcome` package of Python. Flavor: either. It waits for nothing.
 *
 * @throws the error of a failure, the very object
 * @example
 * ```ts
 * import { success, unwrap } from "@trestle/host";
 *
 * const value = unwrap(success(42));
 * ```
 */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw outcome.error;
}
