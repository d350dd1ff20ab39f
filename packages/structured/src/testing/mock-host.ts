// What a run on a MockClock lives on: a ClockHost, on a QuietHost that tells when to jump. Where nothing is left to jump to,
// what is parked is parked for ever, and is told so, as by the virtual host.
import {
  reportDeadlock,
  type HoldOptions,
  type Host,
  type Release,
  type Timer,
  type WatchedParty,
} from "@trestle/host";
import { ClockHost } from "../run/clock-host.js";
import type { Clock } from "../run/clock.js";
import { QuietHost } from "./quiet-host.js";

/** A clock that jumps when it is told that all is quiet. */
export interface JumpingClock extends Clock {
  readonly autojumpThreshold: number;
  jumpTo(at: number): void;
}

export class MockHost implements Host {
  readonly #quiet: QuietHost;
  readonly #clocked: ClockHost;
  readonly #parties = new Set<WatchedParty>();

  constructor(clock: JumpingClock, real: Host) {
    this.#quiet = new QuietHost(real, clock.autojumpThreshold, () => {
      const next = this.#clocked.nextTimer;
      if (next === Infinity) reportDeadlock(this.#parties);
      else clock.jumpTo(next);
    });
    this.#clocked = new ClockHost(clock, this.#quiet);
  }

  /** How long all has to be quiet before a jump, in real milliseconds. */
  set threshold(ms: number) {
    this.#quiet.patience = ms;
  }

  /** Puts off jumps until released; unlike a hold it lets real time go on. */
  keepStill(): Release {
    return this.#quiet.disquiet();
  }

  now(): number {
    return this.#clocked.now();
  }

  soon(callback: () => void): void {
    this.#quiet.soon(callback);
  }

  at(when: number, callback: () => void): Timer {
    const timer = this.#clocked.at(when, callback);
    this.#quiet.stir();
    return timer;
  }

  hold(what: string, options?: HoldOptions): Release {
    return this.#quiet.hold(what, options);
  }

  watch(party: WatchedParty): Release {
    this.#parties.add(party);
    const unwatch = this.#quiet.watch(party);
    return () => {
      this.#parties.delete(party);
      unwatch();
    };
  }
}
