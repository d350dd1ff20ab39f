// What listens to AbortSignals: however many scopes hang on one signal, it has one listener, which is gone with the last of
// them. A listener each would make Node warn of a leak, and make each one that leaves search through all the others.
import { ArgumentError, describe, type Release } from "@trestle/host";

/** All that listen to one signal. */
interface Listeners {
  readonly calls: Set<() => void>;
  /** The signal's listener. */
  readonly tell: () => void;
}

const listenersOf = new WeakMap<AbortSignal, Listeners>();

/**
 * Calls back with the signal's reason when it is aborted, once; at once where it is already. Gives what takes that back.
 *
 * @param action what the signal is for, for the error: "move on when a signal is aborted"
 * @throws ArgumentError for what is no AbortSignal
 */
export function onAbort(
  signal: AbortSignal,
  aborted: (reason: unknown) => void,
  action: string,
): Release {
  requireSignal(signal, action);
  if (signal.aborted) {
    aborted(signal.reason);
    return () => {};
  }
  let listeners = listenersOf.get(signal);
  if (listeners === undefined) listenersOf.set(signal, (listeners = listenersTo(signal)));
  const { calls, tell } = listeners;
  // One of its own: a function may be given twice.
  const call = (): void => aborted(signal.reason);
  if (calls.add(call).size === 1) signal.addEventListener("abort", tell);
  return () => {
    if (calls.delete(call) && calls.size === 0) signal.removeEventListener("abort", tell);
  };
}

function listenersTo(signal: AbortSignal): Listeners {
  const calls = new Set<() => void>();
  const tell = (): void => {
    signal.removeEventListener("abort", tell);
    // One may take out others, which are not called then.
    for (const call of calls) {
      calls.delete(call);
      call();
    }
  };
  return { calls, tell };
}

/** Throws ArgumentError for what is no AbortSignal. One of another realm or of a polyfill is one. */
export function requireSignal(signal: AbortSignal, action: string): void {
  const { aborted, addEventListener } = (signal ?? {}) as Partial<AbortSignal>;
  if (typeof aborted === "boolean" && typeof addEventListener === "function") return;
  throw new ArgumentError(`Cannot ${action} with ${describe(signal)}: an AbortSignal is wanted.`);
}
