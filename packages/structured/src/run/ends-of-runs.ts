// The promises of runs, and the hosts that they live on. A task that waits for a run on its own host need not hold that host, as
// it does for a promise of somebody else: the run says itself what it waits for, and a virtual clock may go on.
import { processWide, type Host } from "@trestle/host";
import type { Runner } from "../runner.js";

const hosts = processWide("@trestle/structured ends of runs", 1, () => new WeakMap<object, Host>());

/** Notes that a promise is the end of a run on that host. */
export function noteEnd(promise: object, host: Host): void {
  hosts.set(promise, host);
}

/** Whether a promise is the end of a run that lives where this one does, or inside of it. */
export function isEndBeside(promise: object, { host, pace, guests }: Runner): boolean {
  const of = hosts.get(promise);
  return of !== undefined && (of === host || of === pace || of === guests);
}
