import type { Runner } from "./runner.js";

/**
 * Readies tasks from a microtask, the reaction of a promise, and has the tick right there where the host lets it: as an
 * `await` goes on right there.
 *
 * @param besides how many turns of the host that others wait for may be passed over
 */
export function readyInMicrotask(runner: Runner, waker: { wake(): void }, besides = 0): void {
  const { host } = runner;
  if (runner.isAwake || host.admitsMicrotask === undefined) {
    waker.wake();
    return;
  }
  // Else it would ask the host for a tick.
  runner.isAwake = true;
  waker.wake();
  runner.isAwake = false;
  if (runner.firstReady === null) return;
  if (host.admitsMicrotask(besides)) runner.tick();
  else runner.post();
}
