// What must be zero. A fast library that loses an error has not done the work.

/** What was found after a piece of work; undefined where the work gives no occasion for it. */
export interface Audit {
  /** Tasks that had been started and had not ended when the one responsible for them was told that all is over. */
  readonly leaked?: number;
  /** Timers of the platform that were still set when the work was done. */
  readonly timers?: number;
  /** Errors that tasks threw and that nobody was told of. */
  readonly lost?: number;
  /** Times that a task went on behind the place where it was cancelled. */
  readonly ranOn?: number;
  /** How late a timer of the platform rang during the work, at worst, in milliseconds. */
  readonly lag?: number;
}

/** The counters in the order of the table. */
export const counters = [
  "leaked",
  "timers",
  "lost",
  "ranOn",
] as const satisfies readonly (keyof Audit)[];

/** Whether something was counted that must not be. A lag depends on the machine, and is for a reader to judge. */
export function isClean(audit: Audit): boolean {
  return counters.every((counter) => (audit[counter] ?? 0) === 0);
}
