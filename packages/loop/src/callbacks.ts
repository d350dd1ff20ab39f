// Who is to be called when a future is done. Most futures have one, so one is no list.
import { DoneCallback } from "./done-callback.js";
import type { Ready } from "./ready.js";
import type { Scheduler } from "./scheduler.js";
import type { Waiter } from "./waiter.js";
import type { Wait } from "./waits.js";

/** Somebody who is to be called. */
export interface Callback extends Ready, Wait {
  /** Whether it was called. */
  readonly isDone: boolean;
}

/** All of them, in the order of their coming. */
export type Callbacks = Callback | Callback[] | undefined;

export function withCallback(callbacks: Callbacks, callback: Callback): Callbacks {
  if (callbacks === undefined) return callback;
  if (!Array.isArray(callbacks)) return [callbacks, callback];
  callbacks.push(callback);
  return callbacks;
}

/** Withdraws every done-callback that is this function; gives those that are left and how many went. */
export function withoutFunction(
  callbacks: Callbacks,
  fn: unknown,
): [left: Callbacks, removed: number] {
  const all = toArray(callbacks);
  const left: Callback[] = [];
  for (const callback of all) {
    if (callback instanceof DoneCallback && callback.fn === fn) callback.withdraw();
    else left.push(callback);
  }
  return [left, all.length - left.length];
}

/** Queues all; gives the last. */
export function enqueueAll(callbacks: Callbacks, scheduler: Scheduler): Callback | undefined {
  if (callbacks === undefined) return undefined;
  if (!Array.isArray(callbacks)) {
    scheduler.enqueue(callbacks);
    return callbacks;
  }
  for (const callback of callbacks) scheduler.enqueue(callback);
  return callbacks.at(-1);
}

/**
 * Serves somebody who came when the future was done: not before those who came in time and were not called yet. An `await`
 * need not stand in line, since nobody sees when it is served. Gives the last in line.
 */
export function handOverLate(
  waiter: Waiter<never, unknown, unknown>,
  last: Callback | undefined,
  scheduler: Scheduler,
): Callback | undefined {
  if (last === undefined || last.isDone || waiter.isAwait) {
    waiter.handOverSoon();
    return last;
  }
  scheduler.enqueue(waiter);
  return waiter;
}

function toArray(callbacks: Callbacks): readonly Callback[] {
  if (callbacks === undefined) return [];
  return Array.isArray(callbacks) ? callbacks : [callbacks];
}
