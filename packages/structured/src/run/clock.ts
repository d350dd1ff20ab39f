import type { Host, Release } from "@trestle/host";
import { ClockHost, type TimeTeller } from "./clock-host.js";

/**
 * What tells the time of a run, in place of its host: `run(main, { clock })`. The host still gives the turns.
 *
 * A clock may go at another speed than real time, stand still, and jump ahead; it must never go back. Nothing of the run
 * fires before its instant on this clock.
 *
 * Source: Trio's Clock. Flavor: structured.
 *
 * @example
 * ```ts
 * import { platformHost } from "@trestle/host";
 * import { Clock } from "@trestle/structured";
 *
 * // A day of the program passes in 86.4 seconds.
 * class QuickClock extends Clock {
 *   #start = 0;
 *   startClock(): void {
 *     this.#start = platformHost().now();
 *   }
 *   currentTime(): number {
 *     return (platformHost().now() - this.#start) * 1000;
 *   }
 *   deadlineToSleepTime(deadline: number): number {
 *     return (deadline - this.currentTime()) / 1000;
 *   }
 * }
 * ```
 */
export abstract class Clock implements TimeTeller {
  /** Called when a run begins that has this clock, before anything else but `hostOn`. */
  abstract startClock(): void;
  /** Gives the time in milliseconds, monotonic, fractional. Only differences mean anything. */
  abstract currentTime(): number;
  /** How many milliseconds of real time are left until that instant; Infinity where time stands still, 0 or less where it has come. */
  abstract deadlineToSleepTime(deadline: number): number;
  /** Calls back whenever the clock has jumped or changed its speed, until released. A clock that does neither needs none. */
  onChange?(callback: () => void): Release;

  /** Gives the run's host: one with the time of this clock, on the given one. A clock that has to see what the run does makes its own. */
  hostOn(host: Host): Host {
    return new ClockHost(this, host);
  }
}
