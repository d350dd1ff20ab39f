import type { Host, Release } from "@trestle/host";

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
 * import type { Clock } from "@trestle/structured";
 *
 * // A day of the program passes in 86.4 seconds.
 * class QuickClock implements Clock {
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
export interface Clock {
  /** Called when a run begins that has this clock, before anything else but `hostOn`. */
  startClock(): void;
  /** Gives the time in milliseconds, monotonic, fractional. Only differences mean anything. */
  currentTime(): number;
  /** How many milliseconds of real time are left until that instant; Infinity where time stands still, 0 or less where it has come. */
  deadlineToSleepTime(deadline: number): number;
  /** Calls back whenever the clock has jumped or changed its speed, until released. A clock that does neither needs none. */
  onChange?(callback: () => void): Release;
  /** Makes the run's host itself, on the given one: for a clock that has to see what the run does. */
  hostOn?(host: Host): Host;
}
