import { describe, WrongFlavorError } from "@trestle/host";
import { asyncDispose, isCloseable, requireCloseable, type Closeable } from "./async-dispose.js";
import type { Body } from "../block.js";
import { callStructured } from "../operation-of.js";
import type { Operation } from "../operation.js";
import { suppress } from "./suppress.js";
import { refusingAwait } from "../refusing-await.js";

/** A resource, the operation that opens it, or the function that does. */
export type Opening<R> = R | Operation<R> | (() => Operation<R>);

/**
 * Runs a body with a resource, and closes the resource when the body has ended, whatever happened.
 *
 * Waits for the opening, the body and the closing. Between the end of the opening and the body nothing can come: what was
 * opened is closed, also when the scope was cancelled meanwhile. See `asyncDispose` for how a resource is closed, and what a
 * cancellation does to that. Where the body has failed, an error of the closing is added to its error, to the list
 * `suppressed`; where the body was cancelled, the error of the closing comes out. An iterable that has only `[Symbol.dispose]` is
 * taken for an operation, as generators are; give a function for such a resource. Source: ours, after `await using`. Flavor:
 * structured.
 *
 * @param opening the resource; or an operation or structured function that gives it. Open with promises by `abortable`, which
 * has the resource also when it is cancelled; `fromPromise` would let it go.
 * @param body receives the resource, then `args`
 * @throws whatever opening, body and closing throw; ArgumentError for a resource that cannot be closed
 * @example
 * ```ts
 * import { abortable, run, using } from "@trestle/structured";
 * import { open } from "node:fs/promises";
 *
 * await run(() =>
 *   using(
 *     abortable(() => open("package.json")),
 *     function* (file) {
 *       const { size } = yield* abortable(() => file.stat());
 *       console.log(size);
 *     },
 *   ),
 * );
 * ```
 */
export function using<R extends Closeable, A extends unknown[], T>(
  opening: Opening<R>,
  body: Body<R, A, T>,
  ...args: A
): Operation<T> {
  return refusingAwait(() => use(opening, body, args));
}

function* use<R extends Closeable, A extends unknown[], T>(
  opening: Opening<R>,
  body: Body<R, A, T>,
  args: A,
): Operation<T> {
  const resource = yield* opened(opening);
  requireCloseable(resource);
  let value: T;
  try {
    value = yield* callStructured(body, [resource, ...args], ACTION);
  } catch (error) {
    throw yield* closeAfter(error, resource);
  }
  yield* asyncDispose(resource);
  return value;
}

const ACTION = "use a resource";

function* opened<R extends Closeable>(opening: Opening<R>): Operation<R> {
  if (isCloseable(opening)) return opening;
  if (typeof opening === "function") return yield* callStructured(opening, [], ACTION);
  if (typeof opening !== "object" || opening === null || Array.isArray(opening))
    return opening as R;
  // An operation may have a 'then' too, which refuses.
  if (Symbol.iterator in opening) return yield* opening;
  if ("then" in opening) throw isPromise(opening);
  return opening;
}

function isPromise(opening: unknown): WrongFlavorError {
  return new WrongFlavorError(
    `Cannot ${ACTION} with ${describe(opening)}: a cancellation would let go of it, open.\n` +
      "Open it with 'abortable(() => ...)', which waits for the resource also when it is cancelled.",
  );
}

/** Closes the resource of a body that failed, and gives what is to be thrown. */
function* closeAfter(error: unknown, resource: Closeable): Operation<unknown> {
  try {
    yield* asyncDispose(resource);
  } catch (ofCleanup) {
    return suppress(error, ofCleanup);
  }
  return error;
}
