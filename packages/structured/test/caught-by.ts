import { isCancelled, type Operation } from "../src/index.js";

/** Gives what an operation throws, Cancelled apart; undefined where it throws nothing. */
export function* caughtBy(operation: () => Operation<unknown>): Operation<unknown> {
  try {
    yield* operation();
  } catch (error) {
    if (isCancelled(error)) throw error;
    return error;
  }
  return undefined;
}
