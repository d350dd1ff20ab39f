// A host that notices when it has nothing to do: no callback is ready, nothing is held, and so it has been for a while of real
// time. It knows no clock. With a while of 0 that is one hop after the last callback, when its microtasks are over.
import type { HoldOptions, Host, Release, Timer, WatchedParty } from "@trestle/host";

export class QuietHost implements Host {
  readonly #real: Host;
  readonly #quiet: () => void;
  #patience: number;
  #ready = 0;
  readonly #held = new Set<object>();
  #timer: Timer | undefined;
  /** Counts what has happened, so that a look that was asked for earlier knows that it is void. */
  #stirs = 0;

  /**
   * @param patience how long in real milliseconds it has to be quiet; Infinity never is
   * @param quiet called then, and again only when something has happened since
   */
  constructor(real: Host, patience: number, quiet: () => void) {
    this.#real = real;
    this.#patience = patience;
    this.#quiet = quiet;
  }

  set patience(ms: number) {
    this.#patience = ms;
    this.stir();
  }

  /** Something has happened: the while begins anew. */
  stir(): void {
    const stirs = ++this.#stirs;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#ready > 0 || this.#held.size > 0 || this.#patience === Infinity) return;
    const look = (): void => {
      if (stirs === this.#stirs) this.#quiet();
    };
    if (this.#patience === 0) this.#real.soon(look);
    else this.#timer = this.#real.at(this.#real.now() + this.#patience, look);
  }

  /** Is not quiet until released. */
  disquiet(): Release {
    const held = {};
    this.#held.add(held);
    this.stir();
    return () => {
      if (this.#held.delete(held)) this.stir();
    };
  }

  now(): number {
    return this.#real.now();
  }

  soon(callback: () => void): void {
    this.#ready++;
    this.stir();
    this.#real.soon(() => {
      try {
        callback();
      } finally {
        this.#ready--;
        this.stir();
      }
    });
  }

  /** A timer of real time; its callback has to say by itself when it makes something happen. */
  at(when: number, callback: () => void): Timer {
    return this.#real.at(when, callback);
  }

  hold(what: string, options?: HoldOptions): Release {
    const release = this.#real.hold(what, options);
    const quieten = this.disquiet();
    return () => {
      release();
      quieten();
    };
  }

  watch(party: WatchedParty): Release {
    this.stir();
    return this.#real.watch?.(party) ?? (() => {});
  }
}
