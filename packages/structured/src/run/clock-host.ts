// A Host whose time is told by a Clock; its turns, and how long to wait, are those of the host below.
//
// Timers stand in a heap of clock time, and one timer of the host below waits for the earliest. A clock may be asked too early
// (rounding, a speed that has changed), so the ring compares, and waits again where nothing is due.
import {
  TimerQueue,
  type HoldOptions,
  type Host,
  type Release,
  type Timer,
  type TimerEntry,
  type WatchedParty,
} from "@trestle/host";

/** What rang too early waits at least this long, in real milliseconds: rounding may make the rest too small to get there. */
const MOMENT_MS = 0.001;

/** What a clock is asked. */
export interface TimeTeller {
  /** The time in milliseconds. */
  currentTime(): number;
  /** How many milliseconds of real time are left until that instant. */
  deadlineToSleepTime(deadline: number): number;
  /** Calls back whenever the clock has jumped or changed its speed, until released. */
  onChange?(callback: () => void): Release;
}

class ClockTimer implements TimerEntry, Timer {
  readonly rank = 0;
  sequence = 0;
  queued = false;
  readonly when: number;
  readonly #cancelled: (timer: ClockTimer) => void;
  #callback: (() => void) | undefined;

  constructor(when: number, callback: () => void, cancelled: (timer: ClockTimer) => void) {
    this.when = when;
    this.#callback = callback;
    this.#cancelled = cancelled;
  }

  cancel(): void {
    this.#callback = undefined;
    if (this.queued) this.#cancelled(this);
  }

  readonly fire = (): void => {
    const callback = this.#callback;
    this.#callback = undefined;
    callback?.();
  };
}

export class ClockHost implements Host {
  readonly #real: Host;
  readonly #clock: TimeTeller;
  readonly #timers = new TimerQueue<ClockTimer>();
  #ring: Timer | undefined;
  #armedFor = Infinity;
  /** Set while there are timers: a clock may outlive many runs. */
  #unsubscribe: Release | undefined;

  constructor(clock: TimeTeller, real: Host) {
    this.#clock = clock;
    this.#real = real;
  }

  /** The instant of the earliest timer, in the clock's time; Infinity where there is none. */
  get nextTimer(): number {
    return this.#timers.peek()?.when ?? Infinity;
  }

  now(): number {
    return this.#clock.currentTime();
  }

  soon(callback: () => void): void {
    this.#real.soon(callback);
  }

  at(when: number, callback: () => void): Timer {
    const timer = new ClockTimer(when, callback, this.#withdraw);
    this.#timers.add(timer);
    this.#unsubscribe ??= this.#clock.onChange?.(this.#changed);
    this.#arm(0);
    return timer;
  }

  hold(what: string, options?: HoldOptions): Release {
    return this.#real.hold(what, options);
  }

  watch(party: WatchedParty): Release {
    return this.#real.watch?.(party) ?? (() => {});
  }

  readonly #withdraw = (timer: ClockTimer): void => {
    this.#timers.remove(timer);
    if (this.#timers.size === 0) this.#rest();
  };

  readonly #changed = (): void => {
    this.#disarm();
    this.#fireDue(0);
  };

  /** @param atLeast milliseconds of real time */
  #arm(atLeast: number): void {
    const next = this.nextTimer;
    if (next >= this.#armedFor) return;
    this.#disarm();
    const left = this.#clock.deadlineToSleepTime(next);
    const ms = left > atLeast ? left : atLeast;
    if (ms === Infinity) return;
    this.#armedFor = next;
    this.#ring = this.#real.at(this.#real.now() + ms, this.#rang);
  }

  readonly #rang = (): void => {
    this.#armedFor = Infinity;
    this.#fireDue(MOMENT_MS);
  };

  #fireDue(atLeast: number): void {
    const now = this.#clock.currentTime();
    let wait = atLeast;
    for (let due = this.#timers.takeDue(now); due; due = this.#timers.takeDue(now)) {
      wait = 0;
      this.#real.soon(due.fire);
    }
    if (this.#timers.size === 0) this.#rest();
    else this.#arm(wait);
  }

  #disarm(): void {
    this.#ring?.cancel();
    this.#ring = undefined;
    this.#armedFor = Infinity;
  }

  #rest(): void {
    this.#disarm();
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }
}
