// What is due in a run, and the one timer of the host for the earliest of it.
import { TimerQueue, type Host, type Timer, type TimerEntry } from "@trestle/host";

/** Something of the run that is due at an instant. */
export interface Alarm extends TimerEntry {
  expire(): void;
}

/** The ranks of alarms: at one instant all deadlines come before all sleepers. */
export const DEADLINE_RANK = 0;
export const SLEEPER_RANK = 1;

export class Alarms {
  readonly #host: Host;
  readonly #rang: () => void;
  readonly #queue = new TimerQueue<Alarm>();
  #timer: Timer | undefined;
  #timerAt = Infinity;

  /** @param rang called when the host's timer has come */
  constructor(host: Host, rang: () => void) {
    this.#host = host;
    this.#rang = rang;
  }

  /** The instant of the earliest, in milliseconds; Infinity where there is none. */
  get next(): number {
    return this.#queue.peek()?.when ?? Infinity;
  }

  /** Whether one is due. */
  get isDue(): boolean {
    const next = this.#queue.peek();
    return next !== undefined && next.when <= this.#host.now();
  }

  add(alarm: Alarm): void {
    this.#queue.add(alarm);
  }

  remove(alarm: Alarm): void {
    this.#queue.remove(alarm);
  }

  /** Expires all that is due. */
  expire(): void {
    if (this.#queue.size === 0) return;
    const now = this.#host.now();
    for (let due = this.#queue.takeDue(now); due !== undefined; due = this.#queue.takeDue(now))
      due.expire();
  }

  /** Sets the timer for the earliest. */
  arm(): void {
    const { next } = this;
    if (next === Infinity) {
      this.#timer?.cancel();
      this.#timer = undefined;
      this.#timerAt = next;
    } else if (next < this.#timerAt) {
      // A timer that is too early is left: it rings for nothing, which is cheaper than setting one anew each time.
      this.#timer?.cancel();
      this.#timerAt = next;
      this.#timer = this.#host.at(next, this.#ring);
    }
  }

  /** Takes the timer back, for good. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    // No alarm is earlier, so none is armed any more.
    this.#timerAt = -Infinity;
  }

  readonly #ring = (): void => {
    this.#timer = undefined;
    this.#timerAt = Infinity;
    this.#rang();
  };
}
