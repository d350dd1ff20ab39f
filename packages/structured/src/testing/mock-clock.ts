import { ArgumentError, describe, type Host, type Release } from "@trestle/host";
import { checkDuration } from "../durations.js";
import { MockHost, type JumpingClock } from "./mock-host.js";

/** How a MockClock goes. */
export interface MockClockOptions {
  /** How many milliseconds of the clock pass in one of real time; 0 unless given: it stands still. */
  readonly rate?: number;
  /** After how many real milliseconds in which all is blocked it jumps; Infinity unless given: never by itself. */
  readonly autojumpThreshold?: number;
}

/**
 * A clock for tests, given to a run as `run(main, { clock })`. It starts at 0 and stands still until told otherwise: by
 * `jump`, by a `rate`, or by an `autojumpThreshold`.
 *
 * With an `autojumpThreshold` it jumps to the next deadline, exactly, when for that long (in real milliseconds) no task could
 * run and nothing outside was held; with 0 as soon as nothing is left to do. What waits for a promise, a worker or a
 * descriptor holds it, and so does `waitAllTasksBlocked`. Where there is no deadline to jump to, what is parked fails with a
 * DeadlockError.
 *
 * A clock is for the runs of one host; they share its time. Source: Trio's MockClock; the holds are ours. Flavor: structured.
 *
 * @example
 * ```ts
 * import { run, sleep } from "@trestle/structured";
 * import { MockClock } from "@trestle/structured/testing";
 *
 * await run(() => sleep(3_600_000), { clock: new MockClock({ autojumpThreshold: 0 }) }); // at once
 * ```
 */
export class MockClock implements JumpingClock {
  #rate: number;
  #threshold: number;
  #real: Host | undefined;
  #host: MockHost | undefined;
  /** The time of the clock at the instant `#realBase` of real time. */
  #base = 0;
  #realBase = 0;
  readonly #listeners = new Set<() => void>();

  /** @throws ArgumentError for a rate or threshold that is negative, NaN or no number, and for a rate of Infinity */
  constructor(options: MockClockOptions = {}) {
    this.#rate = checkRate(options.rate ?? 0);
    this.#threshold = checkThreshold(options.autojumpThreshold ?? Infinity);
  }

  /** How many milliseconds pass in one of real time. It may be changed at any time; the time goes on from where it is. */
  get rate(): number {
    return this.#rate;
  }

  set rate(rate: number) {
    checkRate(rate);
    this.#rebase(this.currentTime());
    this.#rate = rate;
    this.#changed();
  }

  /** After how many real milliseconds in which all is blocked it jumps. It may be changed at any time, and holds at once. */
  get autojumpThreshold(): number {
    return this.#threshold;
  }

  set autojumpThreshold(ms: number) {
    this.#threshold = checkThreshold(ms);
    if (this.#host !== undefined) this.#host.threshold = ms;
  }

  /**
   * Moves the clock ahead. What is due by then fires in the next round, not inside the call.
   *
   * @param ms milliseconds of the clock, 0 or more
   * @throws ArgumentError for a duration that is negative, infinite or NaN
   */
  jump(ms: number): void {
    if (checkDuration(ms, "jump") === Infinity) {
      throw new ArgumentError("Cannot jump for ever: a finite number of milliseconds is wanted.");
    }
    this.jumpTo(this.currentTime() + ms);
  }

  /** @internal Moves the clock to an instant, never back. */
  jumpTo(at: number): void {
    if (at > this.currentTime()) this.#rebase(at);
    this.#changed();
  }

  startClock(): void {
    // The clock goes from `hostOn` on: it has no real time before.
  }

  /** The time in milliseconds: 0 until a run begins, and whatever it was moved to. */
  currentTime(): number {
    if (this.#real === undefined || this.#rate === 0) return this.#base;
    return this.#base + (this.#real.now() - this.#realBase) * this.#rate;
  }

  /** How many milliseconds of real time are left until that instant: 0 if it has come, Infinity where the rate is 0. */
  deadlineToSleepTime(deadline: number): number {
    const ms = deadline - this.currentTime();
    return ms <= 0 ? 0 : ms / this.#rate;
  }

  onChange(callback: () => void): Release {
    this.#listeners.add(callback);
    return () => void this.#listeners.delete(callback);
  }

  /** @throws ArgumentError where the clock drives another host already */
  hostOn(host: Host): Host {
    if (this.#host === undefined || this.#real === undefined) {
      this.#real = host;
      this.#realBase = host.now();
      this.#host = new MockHost(this, host);
    } else if (this.#real !== host) {
      throw new ArgumentError(
        "Cannot use the MockClock on a second host: it has the time of another one.\nMake a MockClock for each.",
      );
    }
    return this.#host;
  }

  #rebase(time: number): void {
    this.#base = time;
    this.#realBase = this.#real?.now() ?? 0;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function checkRate(rate: number): number {
  if (typeof rate === "number" && rate >= 0 && rate < Infinity) return rate;
  throw new ArgumentError(
    `Cannot let a MockClock go at the rate ${describe(rate)}: a finite number, 0 or more, is wanted.`,
  );
}

function checkThreshold(ms: number): number {
  if (typeof ms === "number" && ms >= 0) return ms;
  throw new ArgumentError(
    `Cannot set the autojump threshold to ${describe(ms)}: milliseconds of real time, 0 or more, are wanted.`,
  );
}
