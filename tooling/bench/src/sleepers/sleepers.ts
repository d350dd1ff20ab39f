// Many tasks under one parent, each parked in a sleep that would take hours, and then one cancel for all of them. Each
// library's file does this in its own words:
//
//   1. start them all, until each one sleeps          parked
//   2. one cancel; all unwind, and all are joined     cancelled
//
// A task is a generator (or an async function) with a sleep in it, not a bare sleep, and has nothing to clean up.

/** What the two steps took, each in nanoseconds. */
interface SleepersTime {
  readonly parked: number;
  readonly cancelled: number;
}

/** Parks and cancels `count` tasks. While all are parked it calls `atRest`. */
export type Sleepers = (count: number, atRest?: () => void) => Promise<SleepersTime>;

export const HOURS = 10 * 60 * 60 * 1000;

/** What the first step takes, as a row measures it. */
export function parking(sleepers: Sleepers): (count: number) => Promise<number> {
  return async (count) => (await sleepers(count)).parked;
}

/** What the second step takes, as a row measures it. */
export function cancelling(sleepers: Sleepers): (count: number) => Promise<number> {
  return async (count) => (await sleepers(count)).cancelled;
}
