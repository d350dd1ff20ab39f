import { isCancelled, using, type Operation } from "@trestle/structured";
import { cancellationOf } from "./host-step.js";

/**
 * Throws what is to be thrown when the end of a resource fails while an error is in flight: the error in flight, which has the
 * other in its `suppressed`. A cancellation, of either flavor, is no failure: of the two the other is thrown.
 */
export function* throwBoth(inFlight: unknown, ofExit: unknown): Operation<never> {
  if (inFlight === ofExit || isCancelled(ofExit) || cancellationOf(ofExit) !== undefined)
    throw inFlight;
  if (isCancelled(inFlight) || cancellationOf(inFlight) !== undefined) throw ofExit;
  // The rule for two errors is that of 'using'.
  return yield* using({ aclose: () => failing(ofExit) }, () => failing(inFlight));
}

// oxlint-disable-next-line require-yield -- it fails at once
function* failing(error: unknown): Operation<never> {
  throw error;
}
