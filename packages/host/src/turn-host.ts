// The part of a real host that Node and browsers have in common: a queue of callbacks with one hop of the platform between
// two of them, a heap of timers on one platform timer, and a count of holds.
//
// The hop is what lets the microtasks of one callback run before the next. Time is only looked at every few hops, as long as
// they are quick: a clock read costs as much as a third of a hop.
import type { Host, HoldOptions, Release, Timer } from "./host.js";
import { TimerQueue, type TimerEntry } from "./timer-queue.js";

/** What a platform must offer to be a host. */
export interface Platform {
  now(): number;
  /** Runs the callback when the present callback and its microtasks are over, before I/O. */
  hop(callback: () => void): void;
  /** The same within a call that the platform has made, of which nothing has run yet; where microtasks are a part of such a call. */
  hopInCallback?(callback: () => void): void;
  /** Runs the callback after the platform's I/O had a turn. */
  afterInput(callback: () => void): void;
  /** Calls back in `ms` milliseconds, roughly; gives what takes it back. */
  timer(ms: number, callback: () => void): Release;
  /** Keeps the process alive until released. */
  keepAlive(): Release;
}

const INPUT_EVERY_MS = 4;
const HOPS_PER_LOOK = 8;
/** So many callbacks run in microtasks before the platform has a hop again, and with it its I/O. */
const MOST_IN_MICROTASKS = 8;
/** So many callbacks run without a hop where the one before has set off no microtask. */
const MOST_QUIET = 4;
/** A queue from which so many have been taken gives up their room. */
const LARGE = 1024;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const nothing: Release = () => {};

class HostTimer implements TimerEntry, Timer {
  readonly rank = 0;
  sequence = 0;
  queued = false;
  #callback: (() => void) | undefined;

  readonly when: number;
  readonly #cancelled: (timer: HostTimer) => void;

  constructor(when: number, callback: () => void, cancelled: (timer: HostTimer) => void) {
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

/** A Host on a platform's own event loop. */
export class TurnHost implements Host {
  readonly #platform: Platform;
  /** Filled, and then emptied from the front: it keeps its room, for it is filled again at once. */
  #queue: ((() => void) | undefined)[] = [];
  #added = 0;
  #taken = 0;
  #hopping = false;
  #isInCallback = false;
  #lastInput = Number.NEGATIVE_INFINITY;
  #lastLook = Number.NEGATIVE_INFINITY;
  #hopsToLook = 0;
  #microtasksLeft = MOST_IN_MICROTASKS;
  /** Whether a callback runs. */
  #isCalling = false;
  #quietLeft = MOST_QUIET;
  /** Whether the callback that runs has set off no microtask. */
  #isQuiet = false;
  readonly #timers = new TimerQueue<HostTimer>();
  #armedFor = Number.POSITIVE_INFINITY;
  #disarm: Release | undefined;
  #holds = 0;
  #letGo: Release | undefined;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  now(): number {
    return this.#platform.now();
  }

  soon(callback: () => void): void {
    this.#queue[this.#added++] = callback;
    if (this.#hopping) return;
    this.#hopping = true;
    if (this.#isInCallback) this.#platform.hopInCallback?.(this.#runOne);
    else this.#hop();
  }

  admitsMicrotask(besides = 0): boolean {
    if (this.#isCalling || this.#microtasksLeft === 0) return false;
    if (this.#added - this.#taken > besides) return false;
    this.#microtasksLeft--;
    return true;
  }

  quiet(): void {
    this.#isQuiet = this.#isCalling;
  }

  inCallback(callback: () => void): void {
    this.#isInCallback = this.#platform.hopInCallback !== undefined;
    try {
      callback();
    } finally {
      this.#isInCallback = false;
    }
  }

  at(when: number, callback: () => void): Timer {
    const timer = new HostTimer(when, callback, this.#withdraw);
    this.#timers.add(timer);
    this.#arm();
    return timer;
  }

  hold(_what: string, options?: HoldOptions): Release {
    if (options?.keepAlive === false) return nothing;
    let held = true;
    if (this.#holds++ === 0) this.#letGo = this.#platform.keepAlive();
    return () => {
      if (!held) return;
      held = false;
      if (--this.#holds === 0) this.#letGo?.();
    };
  }

  #hop(): void {
    this.#quietLeft = MOST_QUIET;
    if (--this.#hopsToLook < 0) {
      const now = this.#platform.now();
      this.#hopsToLook = now - this.#lastLook > INPUT_EVERY_MS ? 0 : HOPS_PER_LOOK;
      this.#lastLook = now;
      if (now - this.#lastInput > INPUT_EVERY_MS) {
        this.#platform.afterInput(this.#runAfterInput);
        return;
      }
    }
    this.#platform.hop(this.#runOne);
  }

  readonly #runAfterInput = (): void => {
    this.#lastInput = this.#platform.now();
    this.#runOne();
  };

  readonly #runOne = (): void => {
    this.#microtasksLeft = MOST_IN_MICROTASKS;
    const callback = this.#queue[this.#taken] as () => void;
    this.#queue[this.#taken++] = undefined;
    this.#isQuiet = false;
    this.#isCalling = true;
    try {
      callback();
    } finally {
      this.#isCalling = false;
      if (this.#taken === this.#added) {
        this.#forget(this.#added);
        this.#hopping = false;
      } else {
        if (this.#taken >= LARGE && this.#taken * 2 >= this.#added) this.#forget(this.#taken);
        if (this.#isQuiet && this.#quietLeft-- > 0) this.#runOne();
        else this.#hop();
      }
    }
  };

  /** Gives up the first places of the queue; a few of them are room for what comes next. */
  #forget(count: number): void {
    if (count >= LARGE) this.#queue = this.#queue.slice(count, this.#added);
    this.#added -= count;
    this.#taken -= count;
  }

  // A platform timer that nobody waits for any more would keep the process alive.
  readonly #withdraw = (timer: HostTimer): void => {
    this.#timers.remove(timer);
    if (this.#timers.size > 0) return;
    this.#disarm?.();
    this.#disarm = undefined;
    this.#armedFor = Number.POSITIVE_INFINITY;
  };

  #arm(): void {
    const next = this.#timers.peek();
    if (next === undefined || next.when >= this.#armedFor) return;
    this.#disarm?.();
    this.#armedFor = next.when;
    const ms = Math.min(Math.max(0, Math.ceil(next.when - this.now())), LONGEST_TIMER_MS);
    this.#disarm = this.#platform.timer(ms, this.#expire);
  }

  // Platform timers may come a moment early: what is not due yet is armed again.
  readonly #expire = (): void => {
    this.#armedFor = Number.POSITIVE_INFINITY;
    this.#disarm = undefined;
    const now = this.now();
    for (let due = this.#timers.takeDue(now); due; due = this.#timers.takeDue(now))
      this.soon(due.fire);
    this.#arm();
  };
}
