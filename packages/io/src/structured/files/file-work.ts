import { abortable, checkpointIfCancelled, type Operation } from "@trestle/structured";

/**
 * Runs one piece of work on a file, as a whole: a cancellation that came before ends it, one that comes meanwhile waits until it is
 * done, and its value or error wins.
 */
export function* fileWork<T>(start: () => PromiseLike<T>): Operation<T> {
  yield* checkpointIfCancelled();
  return yield* abortable(start);
}
