// The stop of a loop, as those see it who ask for it or wait for it.
//
//   running ── stop is asked for, what was queued before has run ──▶ stands still ── the shutdown needs it ──▶ running
//      └──────────────────────────── the shutdown is over ──▶ stopped for good ◀───────────────────────────────────┘
//
// Whoever waits is told at the first stop, by hand or at the end. What waits for the loop itself is told when it stands still: nothing
// in the loop would tell it then.
import { ArgumentError, describe, type Release } from "@trestle/host";
import { Event } from "@trestle/structured";

/** The key of a hosted loop's stop, which copies of this package share. */
export const stopOf: unique symbol = Symbol.for("trestle.loop-stop");

/** Knows whether a loop has been stopped. */
export class LoopStop {
  #standsStill = false;
  #isNeeded = false;
  #hasStopped = false;
  #events: Event[] | undefined;
  readonly #waiting = new Set<() => void>();

  /** Whether somebody has stopped the loop by hand, so that it does not run until the shutdown. */
  get standsStill(): boolean {
    return this.#standsStill;
  }

  /** Somebody has stopped the loop by hand. */
  standStill(): void {
    this.#standsStill = !this.#isNeeded;
  }

  /** The shutdown needs the loop, whoever stops it. */
  keepUp(): void {
    this.#isNeeded = true;
    this.#standsStill = false;
  }

  /** Calls back when the loop has come to a stand, until that is taken back. */
  whenStill(callback: () => void): Release {
    this.#waiting.add(callback);
    return () => void this.#waiting.delete(callback);
  }

  /** The event of the first stop. */
  get event(): Event {
    return (this.#events ??= [this.#made()])[0] as Event;
  }

  /** Has another event set at the first stop, too. Throws ArgumentError for what cannot be set. */
  tell(event: Event): void {
    if (typeof event?.set !== "function") {
      throw new ArgumentError(
        `Cannot stop the loop and set ${describe(event)}: an Event of @trestle/structured is wanted, or nothing.`,
      );
    }
    if (this.#hasStopped) event.set();
    else if (!(this.#events ??= [this.#made()]).includes(event)) this.#events.push(event);
  }

  /** The loop has stopped. */
  reached(): void {
    if (this.#standsStill) for (const callback of this.#waiting) callback();
    if (this.#hasStopped) return;
    this.#hasStopped = true;
    for (const event of this.#events ?? []) event.set();
  }

  #made(): Event {
    const event = new Event();
    if (this.#hasStopped) event.set();
    return event;
  }
}
