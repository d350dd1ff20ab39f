// The Host for something that lives inside a run, such as an event loop: it passes on to the run's own host, and counts what
// waits for a turn there, so that the runner lets it have one after each round. Of a deadlock a guest is told by the run,
// which tries first whether unwinding its tasks ends what the guest does.
import type { DeadlockError, HoldOptions, Host, Release, Timer, WatchedParty } from "@trestle/host";
import { ambient } from "./ambient.js";
import type { RunState } from "./run/run-state.js";

export class GuestHost implements Host {
  readonly #state: RunState;
  readonly #host: Host;
  /** How many callbacks wait for a turn. */
  #waiting = 0;
  /** What was to be called last, and how it is: a loop asks for its turns by one callback. */
  #callback: (() => void) | undefined;
  #turn: () => void = () => {};
  readonly #parties = new Set<WatchedParty>();
  readonly #wereTold = new WeakSet<WatchedParty>();

  /** @param state the run, in whose name guests are called back */
  constructor(state: RunState) {
    this.#state = state;
    this.#host = state.runner.host;
  }

  /** Whether guests wait for a turn. */
  get isWaiting(): boolean {
    return this.#waiting > 0;
  }

  now(): number {
    return this.#host.now();
  }

  soon(callback: () => void): void {
    if (callback !== this.#callback) {
      this.#callback = callback;
      this.#turn = () => {
        this.#waiting--;
        this.#call(callback);
      };
    }
    this.#waiting++;
    this.#host.soon(this.#turn);
  }

  admitsMicrotask(besides?: number): boolean {
    return this.#host.admitsMicrotask?.(besides) ?? false;
  }

  quiet(): void {
    this.#host.quiet?.();
  }

  at(when: number, callback: () => void): Timer {
    return this.#host.at(when, () => this.#call(callback));
  }

  hold(what: string, options?: HoldOptions): Release {
    return this.#host.hold(what, options);
  }

  watch(party: WatchedParty): Release {
    this.#parties.add(party);
    const unwatch = this.#host.watch?.({ stuck: () => party.stuck(), deadlock: () => {} });
    return () => {
      this.#parties.delete(party);
      unwatch?.();
    };
  }

  /** Tells each guest once that nothing will wake it; answers whether there was one to be told. */
  deadlock(error: DeadlockError): boolean {
    const parties = [...this.#parties].filter((party) => !this.#wereTold.has(party));
    for (const party of parties) {
      this.#wereTold.add(party);
      party.deadlock(error);
    }
    return parties.length > 0;
  }

  #call(callback: () => void): void {
    const previous = ambient.run;
    ambient.run = this.#state;
    try {
      callback();
    } finally {
      ambient.run = previous;
    }
  }
}
