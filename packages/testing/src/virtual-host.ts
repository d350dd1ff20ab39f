// Virtual time: a Host whose clock stands still while anything is ready or held, and else jumps to the next timer.
//
// It runs on a real host, one hop for each callback, so that promises settle between two callbacks as they do in
// production. A jump is decided one hop after the last callback, when no microtask is left that could make anything ready.
import {
  platformHost,
  reportDeadlock,
  TimerQueue,
  type HoldOptions,
  type Host,
  type Release,
  type Timer,
  type TimerEntry,
  type WatchedParty,
} from "@trestle/host";

class VirtualTimer implements TimerEntry, Timer {
  readonly rank = 0;
  sequence = 0;
  queued = false;
  readonly when: number;
  readonly #queue: TimerQueue<VirtualTimer>;
  #callback: (() => void) | undefined;

  constructor(when: number, callback: () => void, queue: TimerQueue<VirtualTimer>) {
    this.when = when;
    this.#callback = callback;
    this.#queue = queue;
  }

  cancel(): void {
    this.#callback = undefined;
    this.#queue.remove(this);
  }

  readonly fire = (): void => {
    const callback = this.#callback;
    this.#callback = undefined;
    callback?.();
  };
}

/** Where a VirtualHost takes its hops from, and when its clock starts. */
export interface VirtualHostOptions {
  /** The host whose turns drive this one; the platform's unless given. */
  readonly real?: Host;
  /** The time at the start, in milliseconds; 0 unless given. */
  readonly startAt?: number;
}

/**
 * A Host on virtual time. Its clock stands still while anything is ready or held; else it jumps to the next timer, so an
 * hour of sleeping takes no time. When there is nothing to jump to either, parked work fails with a DeadlockError that
 * names all of it.
 *
 * Flavor: either; give it to `run` of a runtime as `host`. Source: Trio's MockClock with autojump, and what Trio's users
 * miss there: the clock waits for what is held outside.
 *
 * @example
 * ```ts
 * import { VirtualHost } from "@trestle/testing";
 *
 * const host = new VirtualHost();
 * host.at(3_600_000, () => console.log("an hour later, at once"));
 * ```
 */
export class VirtualHost implements Host {
  readonly #real: Host;
  #now: number;
  // Callbacks are taken from one array while new ones gather in the other, so that what ran is not kept.
  #batch: (() => void)[] = [];
  #taken = 0;
  #ready: (() => void)[] = [];
  #hopping = false;
  readonly #timers = new TimerQueue<VirtualTimer>();
  readonly #held = new Set<{ readonly what: string }>();
  readonly #parties = new Set<WatchedParty>();

  constructor(options: VirtualHostOptions = {}) {
    this.#real = options.real ?? platformHost();
    this.#now = options.startAt ?? 0;
  }

  now(): number {
    return this.#now;
  }

  /** What is pending outside and stops the clock, one text each. */
  get held(): readonly string[] {
    return [...this.#held].map(({ what }) => what);
  }

  soon(callback: () => void): void {
    this.#ready.push(callback);
    this.#hop();
  }

  at(when: number, callback: () => void): Timer {
    const timer = new VirtualTimer(when, callback, this.#timers);
    this.#timers.add(timer);
    this.#hop();
    return timer;
  }

  hold(what: string, options?: HoldOptions): Release {
    const held = { what };
    const releaseReal = this.#real.hold(what, options);
    this.#held.add(held);
    return () => {
      if (!this.#held.delete(held)) return;
      releaseReal();
      this.#hop();
    };
  }

  watch(party: WatchedParty): Release {
    this.#parties.add(party);
    // What is held outside may never come: then the real host is the one who can tell.
    const unwatchReal = this.#real.watch?.(party);
    this.#hop();
    return () => {
      this.#parties.delete(party);
      unwatchReal?.();
    };
  }

  #hop(): void {
    if (this.#hopping) return;
    this.#hopping = true;
    this.#real.soon(this.#turn);
  }

  readonly #turn = (): void => {
    this.#hopping = false;
    if (this.#taken === this.#batch.length) {
      if (this.#ready.length === 0) this.#jump();
      if (this.#ready.length === 0) return;
      this.#batch = this.#ready;
      this.#ready = [];
      this.#taken = 0;
    }
    const callback = this.#batch[this.#taken++] as () => void;
    this.#hop();
    callback();
  };

  // What is held outside stops the clock; what is due at the present instant runs nevertheless.
  #jump(): void {
    const next = this.#timers.peek()?.when ?? Number.POSITIVE_INFINITY;
    if (next > this.#now) {
      if (this.#held.size > 0) return;
      if (next === Number.POSITIVE_INFINITY) {
        reportDeadlock(this.#parties);
        return;
      }
      this.#now = next;
    }
    for (let due = this.#timers.takeDue(this.#now); due; due = this.#timers.takeDue(this.#now)) {
      this.#ready.push(due.fire);
    }
  }
}
