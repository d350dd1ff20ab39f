// How an AbortSignal ends what is a future: an abort before the beginning and one later do the same.
import type { Release } from "@trestle/host";
import { CancelledError } from "./cancelled-error.js";
import type { Future } from "./future.js";
import { core } from "./internals.js";
import { onAbort, type SignalOption } from "./signal-option.js";

/**
 * Calls back with the signal's reason when it is aborted while the future is pending; at once where it is aborted already.
 * The signal has no listener of the future's once that is done.
 */
export function endOnAbort(
  future: Future<unknown>,
  { signal }: SignalOption,
  aborted: (reason: unknown) => void,
): void {
  if (signal === undefined || future.done()) return;
  if (signal.aborted) {
    aborted(signal.reason);
    return;
  }
  const unlisten: Release = onAbort(signal, (reason) => {
    if (!future.done()) aborted(reason);
  });
  future[core].whenDone(unlisten);
}

/** Ends a pending future with the reason of an abort. A CancelledError, which the signal of a task has, cancels it. */
export function endWithReason(future: Future<unknown>, reason: unknown): void {
  if (reason instanceof CancelledError) future[core].settle("cancelled", reason, "cancel");
  else future[core].fail(reason);
}

/** What a cancellation says that is made because of an abort. */
export function messageOfReason(reason: unknown): string | undefined {
  if (typeof reason === "string") return reason;
  return reason instanceof Error && reason.message !== "" ? reason.message : undefined;
}
