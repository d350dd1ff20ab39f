import type { DeadlockError } from "./deadlock-error.js";

/** Takes back what it came from. Calling it twice is the same as once. */
export type Release = () => void;

/** A callback that waits for its instant. */
export interface Timer {
  /** Withdraws the callback; after it ran, or twice, nothing happens. */
  cancel(): void;
}

/** How something outside holds its host. */
export interface HoldOptions {
  /**
   * Whether the process stays alive for it; true unless given. A wait for somebody else's promise says false: whoever
   * settles the promise keeps the process alive, and a promise that nobody can settle any more ends in a report.
   */
  readonly keepAlive?: boolean;
}

/** Somebody whose work would never end if the host ran out of things to do. */
export interface WatchedParty {
  /** Gives a line for each thing that is parked, with what it waits for; none when everything has ended. */
  stuck(): readonly string[];
  /** Ends the work with the report: nothing will ever wake it. */
  deadlock(error: DeadlockError): void;
}

/**
 * What a run lives on. Both runtimes take all time and all waking from here, so that the same program runs on Node, in a
 * browser, on virtual time, or inside another runtime.
 */
export interface Host {
  /** The time in milliseconds, monotonic, fractional. Only differences mean anything. */
  now(): number;
  /**
   * Runs the callback later in this turn of the host: never inside the call, in the order of the calls, and each one
   * after the microtasks that the one before set off. The host lets its I/O in every few milliseconds.
   */
  soon(callback: () => void): void;
  /**
   * Whether a caller that is a microtask of the platform, the reaction of a promise, may do at once what it would give to `soon`.
   * Not in a callback of the host, nor where somebody waits for his turn already, nor after some of these in a row.
   *
   * @param besides how many of those that wait may be passed over, 0 unless given: the caller knows them, and that nothing is to
   * run in their turns
   */
  admitsMicrotask?(besides?: number): boolean;
  /** Says, in a callback of the host, that it has set off no microtask: the next one need not wait for any. */
  quiet?(): void;
  /**
   * Runs the callback at once, for a caller that the platform calls with nothing else on the stack, as with an event of a
   * descriptor. Where nobody waits for his turn already, what is given to `soon` meanwhile has it among the microtasks of that
   * call, and not a step of the platform later.
   */
  inCallback?(callback: () => void): void;
  /** Runs the callback at the instant `when` (in the time of `now`) or later, never before. Equal instants keep their order. */
  at(when: number, callback: () => void): Timer;
  /** Says that something outside is pending: a virtual clock stops, and the process stays alive. */
  hold(what: string, options?: HoldOptions): Release;
  /** Reports to the party when the host has nothing left to do, where the host can tell. */
  watch?(party: WatchedParty): Release;
}
