import { ArgumentError, describe } from "@trestle/host";
import { CancelScope } from "../cancel-scope.js";
import { fromPromise } from "./from-promise.js";
import { callStructured } from "../operation-of.js";
import type { Operation } from "../operation.js";
import { refusingAwait } from "../refusing-await.js";

/** What `using` and `asyncDispose` can close. A resource of the structured flavor has `aclose`, an operation. */
export type Closeable = { aclose(): Operation<void> } | AsyncDisposable | Disposable;

/**
 * Closes a resource, and waits until it is closed.
 *
 * It has `aclose()`, an operation, or `[Symbol.asyncDispose]()`, whose promise is waited for, or `[Symbol.dispose]()`; the first
 * of these that is there is called. A cancellation does not stop a disposal, which is shielded. An `aclose` hears of it: it
 * closes by force then, and throws Cancelled. Where there is nothing to wait for it is no checkpoint. Source: ours, after
 * Trio's `aclose` and `await using`. Flavor: structured.
 *
 * @param resource what is to be closed
 * @throws whatever the closing throws; ArgumentError for what has none of the three methods
 * @example
 * ```ts
 * import { abortable, asyncDispose, run } from "@trestle/structured";
 * import { open } from "node:fs/promises";
 *
 * await run(function* () {
 *   const file = yield* abortable(() => open("package.json"));
 *   yield* asyncDispose(file);
 * });
 * ```
 */
export function asyncDispose(resource: Closeable): Operation<void> {
  return refusingAwait(() => dispose(resource));
}

function* dispose(resource: Closeable): Operation<void> {
  requireCloseable(resource);
  const aclose = methodOf(resource, "aclose");
  if (aclose !== undefined) {
    yield* callStructured(() => aclose.call(resource) as Operation<void>, [], "close a resource");
    return;
  }
  const result = disposalOf(resource)?.call(resource);
  // A disposal that had nothing to wait for may give nothing.
  if (methodOf(result, "then") === undefined) return;
  const disposed = fromPromise(result as Parameters<typeof fromPromise>[0]);
  yield* new CancelScope({ shield: true, name: "disposal" }).run(() => disposed);
}

type Method = () => unknown;

function disposalOf(resource: unknown): Method | undefined {
  return methodOf(resource, Symbol.asyncDispose) ?? methodOf(resource, Symbol.dispose);
}

/** A method of a value; also where the engine does not know the symbol that is its name. */
function methodOf(value: unknown, name: string | symbol | undefined): Method | undefined {
  if (value === null || value === undefined || name === undefined) return undefined;
  const method = (value as { readonly [key: string | symbol]: unknown })[name];
  return typeof method === "function" ? (method as Method) : undefined;
}

/** For `using`: whether there is a way to close a value that nobody takes for an operation. */
export function isCloseable(value: unknown): value is Closeable {
  if (methodOf(value, "aclose") ?? methodOf(value, Symbol.asyncDispose)) return true;
  // Generators have 'Symbol.dispose' on newer engines.
  return (
    methodOf(value, Symbol.iterator) === undefined && methodOf(value, Symbol.dispose) !== undefined
  );
}

/** Throws ArgumentError for what there is no way to close. */
export function requireCloseable(resource: unknown): void {
  if ((methodOf(resource, "aclose") ?? disposalOf(resource)) !== undefined) return;
  throw new ArgumentError(
    `Cannot close ${describe(resource)}: it has neither 'aclose' nor 'Symbol.asyncDispose' nor 'Symbol.dispose'.\n` +
      "Close it in a 'finally' of your own.",
  );
}
