// Trying again, as a structured function that knows nothing of pages: it takes any operation and repeats it.
//
// There is nothing in here about cancellation or deadlines, and it obeys both: whoever calls it puts it in a scope, and a
// pause is a checkpoint like any other.
import { isCancelled, sleep, type Operation } from "@trestle/structured";

/** How often something is tried again, and when. */
export interface RetryPolicy {
  /** How many times after the first. */
  readonly retries: number;
  /** The first pause in milliseconds; each further one is twice as long. */
  readonly pause: number;
  /** Whether another try makes sense after this error. */
  readonly isPassing: (error: unknown) => boolean;
  /** Called before each pause. */
  readonly onRetry?: (error: unknown) => void;
}

/**
 * Runs `attempt` until it gives a value, fails for good, or has no tries left; then its last error is thrown.
 *
 * @param attempt gets the number of the try, from 1
 */
export function* withRetries<T>(
  policy: RetryPolicy,
  attempt: (number: number) => Operation<T>,
): Operation<T> {
  for (let number = 1; ; number++) {
    try {
      return yield* attempt(number);
    } catch (error) {
      // Who catches everything lets a cancellation pass: it is not ours to handle.
      if (isCancelled(error)) throw error;
      if (number > policy.retries || !policy.isPassing(error)) throw error;
      policy.onRetry?.(error);
    }
    yield* sleep(policy.pause * 2 ** (number - 1));
  }
}
