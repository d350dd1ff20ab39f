// The Host for something that lives inside a run, such as an event loop: it passes on to the run's own host, and counts what
// waits for a turn there, so that the runner lets it have one after each round.
import type { HoldOptions, Host, Release, Timer, WatchedParty } from "@trestle/host";
import { Fifo } from "./fifo.js";

export class GuestHost implements Host {
  readonly #host: Host;
  readonly #callbacks = new Fifo<() => void>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** Whether guests wait for a turn. */
  get isWaiting(): boolean {
    return this.#callbacks.size > 0;
  }

  now(): number {
    return this.#host.now();
  }

  soon(callback: () => void): void {
    this.#callbacks.push(callback);
    this.#host.soon(this.#runNext);
  }

  at(when: number, callback: () => void): Timer {
    return this.#host.at(when, callback);
  }

  hold(what: string, options?: HoldOptions): Release {
    return this.#host.hold(what, options);
  }

  watch(party: WatchedParty): Release {
    return this.#host.watch?.(party) ?? (() => {});
  }

  readonly #runNext = (): void => {
    this.#callbacks.shift()?.();
  };
}
