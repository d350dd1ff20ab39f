import { operationOf } from "../operation-of.js";
import type { Operation, StructuredFunction } from "../operation.js";

/** Something that is acquired and released. */
export interface Holdable {
  acquire(): Operation<void>;
  release(): void;
}

/** Runs a body between acquire and release. The release is not a checkpoint. */
export function* holding<A extends unknown[], T>(
  holdable: Holdable,
  body: StructuredFunction<A, T>,
  args: A,
): Operation<T> {
  yield* holdable.acquire();
  try {
    return yield* operationOf(body(...args), "run a body that holds something", body);
  } finally {
    holdable.release();
  }
}
