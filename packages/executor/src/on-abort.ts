// AbortSignals that cancel jobs. However many jobs hang on one signal, it has one listener, which is gone with the last of them:
// with a listener for each, Node warns of a leak.
import type { Release } from "@trestle/host";

/** All that hangs on one signal. */
class AbortCallbacks {
  readonly #signal: AbortSignal;
  readonly #callbacks = new Set<() => void>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(callback: () => void): void {
    if (this.#callbacks.size === 0) this.#signal.addEventListener("abort", this.#tell);
    this.#callbacks.add(callback);
  }

  remove(callback: () => void): void {
    if (!this.#callbacks.delete(callback)) return;
    if (this.#callbacks.size === 0) this.#signal.removeEventListener("abort", this.#tell);
  }

  readonly #tell = (): void => {
    for (const callback of this.#callbacks) {
      this.remove(callback);
      callback();
    }
  };
}

const callbacksOf = new WeakMap<AbortSignal, AbortCallbacks>();

/** Calls back when the signal is aborted, once; gives what takes that back. */
export function onAbort(signal: AbortSignal, aborted: () => void): Release {
  let callbacks = callbacksOf.get(signal);
  if (callbacks === undefined) callbacksOf.set(signal, (callbacks = new AbortCallbacks(signal)));
  const callback = (): void => aborted();
  callbacks.add(callback);
  return () => callbacks.remove(callback);
}
