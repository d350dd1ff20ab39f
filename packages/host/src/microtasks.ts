// Callbacks as microtasks of Node's.
//
// The usual way is a reaction of a promise, which makes a promise each time. While Node has hooks for promises, as for an
// AsyncLocalStorage before Node 24, it tells them of each one, and that takes longer than all the rest. Then one promise, which
// is never settled, is resolved again and again: with an object that has a `then`, which the platform calls in a microtask
// with functions that resolve the same promise once more.

/** The platform's own, whoever has put a class in its place: that one may call `then` at once. */
const NativePromise = (async () => {})().constructor as PromiseConstructor;

const settled = NativePromise.resolve();

/** Calls back in microtasks, one at a time. */
export class Microtasks {
  #callback: () => void = () => {};
  /** Resolves the promise, while there are hooks. */
  #resolve: ((link: unknown) => void) | undefined;

  constructor() {
    this.renew();
  }

  /** Says what the next microtask calls; the one before has begun. */
  prepare(callback: () => void): void {
    // Mostly it is the same, and to write it would cost more.
    if (callback !== this.#callback) this.#callback = callback;
  }

  /** Asks for the microtask. */
  readonly ask = (): void => {
    if (this.#resolve === undefined) void settled.then(this.#callback);
    else this.#resolve(this);
  };

  /** For the platform, in the microtask. */
  then(resolve: (link: unknown) => void): void {
    this.#resolve = resolve;
    try {
      this.#callback();
    } catch (error) {
      // It is nobody's, as it would be in a reaction.
      void NativePromise.reject(error);
    }
  }

  /** Looks for hooks. A new promise has no async context: what a callback has entered was the old one's. */
  renew(): void {
    let resolver: ((link: unknown) => void) | undefined;
    const promise = new NativePromise((resolve) => {
      resolver = resolve;
    });
    const known = Object.getOwnPropertySymbols(promise);
    this.#resolve = known.length > 0 ? resolver : undefined;
    // It has been given the context of who makes it.
    for (const key of known) {
      if (key.description === "kResourceStore") Reflect.set(promise, key, undefined);
    }
  }
}
