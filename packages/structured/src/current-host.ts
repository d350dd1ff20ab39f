import type { Host } from "@trestle/host";
import { requireRun } from "./ambient.js";
import { GuestHost } from "./guest-host.js";

/**
 * Gives the Host for something that lives inside this run, such as an event loop: its time is the run's, and its turns
 * alternate with the rounds of the run's tasks.
 *
 * Source: ours. Flavor: structured. It waits for nothing.
 *
 * @throws NoRunError outside of a run
 * @example
 * ```ts
 * import { run } from "@trestle/structured";
 * import { currentHost } from "@trestle/structured/lowlevel";
 *
 * await run(function* () {
 *   const release = currentHost().hold("a device");
 *   release();
 * });
 * ```
 */
export function currentHost(): Host {
  const state = requireRun("tell the host of the run");
  return (state.runner.guests ??= new GuestHost(state));
}
