import { callStructured } from "../operation-of.js";
import type { Operation, StructuredFunction } from "../operation.js";
import { refusingAwait } from "../refusing-await.js";

/** Something that is acquired and released. */
export interface Holdable {
  acquire(): Operation<void>;
  release(): void;
}

/** Runs a body between acquire and release. The release is not a checkpoint. */
export function holding<A extends unknown[], T>(
  holdable: Holdable,
  body: StructuredFunction<A, T>,
  args: A,
): Operation<T> {
  return refusingAwait(() => hold(holdable, body, args));
}

function* hold<A extends unknown[], T>(
  holdable: Holdable,
  body: StructuredFunction<A, T>,
  args: A,
): Operation<T> {
  yield* holdable.acquire();
  let value: T;
  try {
    value = yield* callStructured(body, args, "run a body that holds something");
  } catch (error) {
    releaseQuietly(holdable);
    throw error;
  }
  holdable.release();
  return value;
}

/** Releases after an error, which is the one that counts: a body may have released by itself. */
function releaseQuietly(holdable: Holdable): void {
  try {
    holdable.release();
  } catch {
    // See above.
  }
}
