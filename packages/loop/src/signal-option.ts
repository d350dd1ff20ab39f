// An AbortSignal that ends a wait. However many waits hang on one signal, it has one listener, which is gone with the last of
// them: with a listener for each, Node warns of a leak, and each that ends searches through all the others.
import { ArgumentError, describe, type Release } from "@trestle/host";

/** An option of what waits. */
export interface SignalOption {
  /** Ends the wait when it is aborted, with its reason for the error; at once where it is aborted already. */
  readonly signal?: AbortSignal | undefined;
}

type Aborted = (reason: unknown) => void;

/** All waits that hang on one signal. */
class AbortListeners {
  readonly #signal: AbortSignal;
  readonly #listeners = new Set<Aborted>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(listener: Aborted): void {
    if (this.#listeners.size === 0) this.#signal.addEventListener("abort", this.#tell);
    this.#listeners.add(listener);
  }

  remove(listener: Aborted): void {
    if (!this.#listeners.delete(listener)) return;
    if (this.#listeners.size === 0) this.#signal.removeEventListener("abort", this.#tell);
  }

  readonly #tell = (): void => {
    for (const listener of this.#listeners) {
      this.remove(listener);
      listener(this.#signal.reason);
    }
  };
}

const listenersOf = new WeakMap<AbortSignal, AbortListeners>();

/** Throws ArgumentError, which names the action, for what is no AbortSignal. */
export function requireSignal(options: SignalOption | undefined, action: string): void {
  const signal = options?.signal;
  if (signal === undefined) return;
  const { aborted, addEventListener } = (signal ?? {}) as Partial<AbortSignal>;
  if (typeof aborted !== "boolean" || typeof addEventListener !== "function") {
    throw new ArgumentError(
      `Cannot ${action} with ${describe(signal)} for a signal: an AbortSignal is wanted.\nGive the 'signal' of an AbortController.`,
    );
  }
}

/** Throws the signal's reason where it is aborted; ArgumentError, which names the action, for what is no AbortSignal. */
export function checkSignal(options: SignalOption | undefined, action: string): void {
  requireSignal(options, action);
  if (options?.signal?.aborted) throw options.signal.reason;
}

/** Calls back with the reason when the signal is aborted, once; gives what takes that back. */
export function onAbort(signal: AbortSignal, aborted: Aborted): Release {
  let listeners = listenersOf.get(signal);
  if (listeners === undefined) listenersOf.set(signal, (listeners = new AbortListeners(signal)));
  const listener: Aborted = (reason) => aborted(reason);
  listeners.add(listener);
  return () => listeners.remove(listener);
}
