import { ArgumentError, describe } from "@trestle/host";
import { callStructured } from "../operation-of.js";
import type { Body } from "../block.js";
import type { Operation } from "../operation.js";
import type { AsyncResource } from "./stream.js";

/**
 * Runs a body with a resource, and closes the resource afterwards, whatever happens.
 *
 * Waits for the body and for `aclose`, and gives the body's value. A cancellation reaches both; a resource that is closed by a
 * cancelled task is closed by force. It throws what the body throws, and an error of the closing only where the body has
 * thrown none: a cleanup does not hide what went wrong. Source: Python's `async with`. Flavor: structured.
 *
 * @param resource is closed also where the body does not begin
 * @param body gets the resource, and then `args`
 * @throws ArgumentError for what has no `aclose`, before the body begins
 * @example
 * ```ts
 * import type { Operation } from "@trestle/structured";
 * import { closing, type Stream } from "@trestle/structured/streams";
 *
 * function* greet(stream: Stream): Operation<Uint8Array> {
 *   return yield* closing(stream, function* () {
 *     yield* stream.sendAll(new TextEncoder().encode("hello"));
 *     return yield* stream.receiveSome();
 *   });
 * }
 * ```
 */
export function* closing<R extends AsyncResource, A extends unknown[], T>(
  resource: R,
  body: Body<R, A, T>,
  ...args: A
): Operation<T> {
  requireCloseable(resource);
  let value: T;
  try {
    value = yield* callStructured(body, [resource, ...args], "run a body that closes something");
  } catch (error) {
    yield* closeQuietly(resource);
    throw error;
  }
  yield* resource.aclose();
  return value;
}

/** Closes after an error, which is the one that counts. */
function* closeQuietly(resource: AsyncResource): Operation<void> {
  try {
    yield* resource.aclose();
  } catch {
    // See above.
  }
}

function requireCloseable(resource: unknown): void {
  const aclose = (resource as { readonly aclose?: unknown } | null | undefined)?.aclose;
  if (typeof aclose === "function") return;
  throw new ArgumentError(
    `Cannot close ${describe(resource)}: it has no 'aclose'.\nWhat is disposed of in another way is held by 'using'.`,
  );
}
