// What listens to AbortSignals: however many scopes hang on one signal, it has one listener, which is gone with the last of
// them. A listener each would make Node warn of a leak, and make each one that leaves search through all the others.
import { ArgumentError, describe, type Release } from "@trestle/host";
import { LinkedList, type Linked } from "../linked-list.js";

class AbortListener implements Linked<AbortListener> {
  before: AbortListener | null = null;
  after: AbortListener | null = null;
  isListed = true;
  readonly aborted: (reason: unknown) => void;

  constructor(aborted: (reason: unknown) => void) {
    this.aborted = aborted;
  }
}

/** All that listen to one signal. */
class AbortListeners {
  readonly #signal: AbortSignal;
  readonly #list = new LinkedList<AbortListener>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(listener: AbortListener): void {
    this.#list.push(listener);
    if (this.#list.size === 1) this.#signal.addEventListener("abort", this.#tell);
  }

  remove(listener: AbortListener): void {
    if (!listener.isListed) return;
    this.#unlist(listener);
    if (this.#list.size === 0) this.#signal.removeEventListener("abort", this.#tell);
  }

  // One may take out others, so the list is asked anew for each.
  readonly #tell = (): void => {
    this.#signal.removeEventListener("abort", this.#tell);
    for (let listener = this.#list.first; listener !== null; listener = this.#list.first) {
      this.#unlist(listener);
      listener.aborted(this.#signal.reason);
    }
  };

  #unlist(listener: AbortListener): void {
    listener.isListed = false;
    this.#list.remove(listener);
  }
}

const listenersOf = new WeakMap<AbortSignal, AbortListeners>();

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
  if (listeners === undefined) listenersOf.set(signal, (listeners = new AbortListeners(signal)));
  const listener = new AbortListener(aborted);
  listeners.add(listener);
  return () => listeners.remove(listener);
}

/** Throws ArgumentError for what is no AbortSignal. One of another realm or of a polyfill is one. */
export function requireSignal(signal: AbortSignal, action: string): void {
  const { aborted, addEventListener } = (signal ?? {}) as Partial<AbortSignal>;
  if (typeof aborted === "boolean" && typeof addEventListener === "function") return;
  throw new ArgumentError(`Cannot ${action} with ${describe(signal)}: an AbortSignal is wanted.`);
}
