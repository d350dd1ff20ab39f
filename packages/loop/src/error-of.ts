import type { Future } from "./future.js";

/** How a future failed, a cancellation included; undefined where it has a result. */
export interface FutureError {
  readonly error: unknown;
}

/** Gives the error of a future that is done, be it a cancellation; with this it has been looked at. */
export function errorOf(future: Future<unknown>): FutureError | undefined {
  try {
    future.result();
    return undefined;
  } catch (error) {
    return { error };
  }
}
