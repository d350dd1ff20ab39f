import type { OperationIterator, Suspended } from "./operation.js";

/** Throws at the place where an iterator waits. */
export function throwInto(
  iterator: OperationIterator<unknown>,
  error: unknown,
): IteratorResult<Suspended, unknown> {
  if (iterator.throw === undefined) throw error;
  return iterator.throw(error);
}
