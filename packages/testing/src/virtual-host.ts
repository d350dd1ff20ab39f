// Virtual time: a Host whose clock stands still while anything is ready or held, and else jumps to the next timer.
//
// It runs on a real host, one hop for each callback, so that promises settle between two callbacks as they do in
// production. A jump is decided one hop after the last callback, when no microtask is left that could make anything ready.
//
// A hold that keeps nothing alive is a promise that somebody is to settle. It may be the program itself, behind a timer of this
// host. When the real host has run out of things to do nobody else is left, and the clock goes on.
import {
  platformHost,
  reportDeadlock,
  TimerQueue,
  type DeadlockError,
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
  /**
   * Whether the clock stands still for a promise that is not a runtime's own: "wait" unless given. "pass" is for a program that
   * does nothing real, so that it settles all of them by itself, some of them behind timers of this host.
   */
  readonly foreignPromises?: "wait" | "pass";
}

/**
 * A Host on virtual time. Its clock stands still while anything is ready or held; else it jumps to the next timer, so an
 * hour of sleeping takes no time. When there is nothing to jump to either, parked work fails with a DeadlockError that
 * names all of it.
 *
 * A promise that is not a runtime's own stops the clock as well, as somebody outside may settle it, until the real host has
 * nothing to do any more: then only this clock is left to settle it. A test runner always has something to do; where the program
 * has nothing real, `foreignPromises: "pass"` says so.
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
  readonly #held = new Set<{ readonly what: string; readonly isFirm: boolean }>();
  /** How many of them keep the process alive: something real will end them. */
  #firm = 0;
  readonly #passesPromises: boolean;
  readonly #parties = new Set<WatchedParty>();
  #unwatchReal: Release | undefined;

  constructor(options: VirtualHostOptions = {}) {
    this.#real = options.real ?? platformHost();
    this.#now = options.startAt ?? 0;
    this.#passesPromises = options.foreignPromises === "pass";
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
    const held = { what, isFirm: options?.keepAlive !== false };
    const releaseReal = this.#real.hold(what, options);
    this.#held.add(held);
    if (held.isFirm) this.#firm++;
    return () => {
      if (!this.#held.delete(held)) return;
      if (held.isFirm) this.#firm--;
      releaseReal();
      this.#hop();
    };
  }

  watch(party: WatchedParty): Release {
    // What is held outside may never come: then the real host is the one who can tell.
    if (this.#parties.size === 0) this.#unwatchReal = this.#real.watch?.(this.#outside);
    this.#parties.add(party);
    this.#hop();
    return () => {
      if (this.#parties.delete(party) && this.#parties.size === 0) this.#unwatchReal?.();
    };
  }

  /** What the real host tells when it has nothing to do any more. */
  readonly #outside: WatchedParty = {
    stuck: () => [...this.#parties].flatMap((party) => party.stuck()),
    deadlock: (error) => this.#nothingReal(error),
  };

  #nothingReal(error: DeadlockError): void {
    if (this.#firm === 0 && this.#nextInstant() !== Number.POSITIVE_INFINITY) {
      // By a timer, so that the real host tells again when it has run out again.
      this.#real.at(this.#real.now(), () => {
        if (this.#firm === 0 && this.#isIdle()) this.#jumpTo(this.#nextInstant());
        this.#hop();
      });
      return;
    }
    for (const party of this.#parties) if (party.stuck().length > 0) party.deadlock(error);
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
    const next = this.#nextInstant();
    if (next > this.#now) {
      const isNever = next === Number.POSITIVE_INFINITY;
      const holding = this.#passesPromises && !isNever ? this.#firm : this.#held.size;
      if (holding > 0) return;
      if (isNever) {
        reportDeadlock(this.#parties);
        return;
      }
    }
    this.#jumpTo(next);
  }

  #jumpTo(instant: number): void {
    if (instant === Number.POSITIVE_INFINITY) return;
    this.#now = Math.max(this.#now, instant);
    for (let due = this.#timers.takeDue(this.#now); due; due = this.#timers.takeDue(this.#now)) {
      this.#ready.push(due.fire);
    }
  }

  #nextInstant(): number {
    return this.#timers.peek()?.when ?? Number.POSITIVE_INFINITY;
  }

  #isIdle(): boolean {
    return this.#ready.length === 0 && this.#taken === this.#batch.length;
  }
}
