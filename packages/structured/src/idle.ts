// Being told that a run has nothing to do: all of its tasks are blocked, and have been for a while.
//
//   asleep ── a tick ended with nothing ready ──▶ asking ── the host took a turn ──▶ waiting ── the cushion passed ──▶ told
//
// Each tick in between begins again, so only a run that stays quiet for the whole cushion is idle.
import type { Host, Timer } from "@trestle/host";
import type { Runner } from "./runner.js";

/** Somebody who waits until a run is idle. */
export interface IdleWaiter {
  /** How long the run must have been quiet, in milliseconds. */
  readonly cushion: number;
  /** Who comes first at equal cushions: the lower one. */
  readonly rank?: number;
  /** The run is idle. The waiter has been taken out. */
  idle(): void;
}

export class IdleWatch {
  readonly #pace: Host;
  readonly #isQuiet: () => boolean;
  #waiters: IdleWaiter[] = [];
  #timer: Timer | undefined;
  /** Counts the ticks, so that a question asked before one is known as old. */
  #tick = 0;

  /**
   * @param pace the host whose time cushions are measured in
   * @param isQuiet tells whether nothing is ready, nor about to be
   */
  constructor(pace: Host, isQuiet: () => boolean) {
    this.#pace = pace;
    this.#isQuiet = isQuiet;
  }

  add(waiter: IdleWaiter): void {
    this.#waiters.push(waiter);
    this.settle();
  }

  remove(waiter: IdleWaiter): void {
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    this.settle();
  }

  /** A tick begins. */
  stir(): void {
    this.#tick++;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** A tick has ended, or the waiters have changed. */
  settle(): void {
    this.stir();
    if (this.#waiters.length === 0) return;
    const tick = this.#tick;
    // What has happened already, such as a promise that is settled, has its effect within a turn of the host.
    this.#pace.soon(() => {
      if (tick !== this.#tick) return;
      if (this.#isQuiet()) this.#wait();
      else this.settle();
    });
  }

  #wait(): void {
    const first = this.#first();
    if (first === undefined) return;
    if (first.cushion === 0) this.#tell(first);
    else
      this.#timer = this.#pace.at(this.#pace.now() + first.cushion, () => {
        this.#timer = undefined;
        this.#tell(first);
      });
  }

  #first(): IdleWaiter | undefined {
    return this.#waiters.toSorted(
      (a, b) => a.cushion - b.cushion || (a.rank ?? 0) - (b.rank ?? 0),
    )[0];
  }

  #tell(first: IdleWaiter): void {
    const isMeant = (waiter: IdleWaiter): boolean =>
      waiter.cushion === first.cushion && (waiter.rank ?? 0) === (first.rank ?? 0);
    const told = this.#waiters.filter(isMeant);
    this.#waiters = this.#waiters.filter((waiter) => !isMeant(waiter));
    for (const waiter of told) waiter.idle();
    this.settle();
  }
}

/** The watch of a run; a run has none until somebody asks. */
export function idleOf(runner: Runner): IdleWatch {
  return (runner.idle ??= new IdleWatch(
    runner.pace,
    () => runner.firstReady === null && !runner.guests?.isWaiting,
  ));
}
