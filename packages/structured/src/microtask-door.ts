import { requireRun } from "./ambient.js";
import { readyInMicrotask } from "./ready-in-microtask.js";

/** Calls what wakes tasks. */
export type MicrotaskDoor = (waker: { wake(): void }) => void;

/**
 * Gives a door into this run for microtasks of the platform: tasks that are woken through it go on right there, as an `await`
 * goes on, where nothing else is ready in the run and on its host. Elsewhere and at other times they go on in the run's next turn.
 *
 * Source: ours, for another runtime that runs on the run's host: the one turn that it has asked for may be passed over, as long as
 * nothing is to run in it. Flavor: structured; what it gives may be called from anywhere. It waits for nothing.
 *
 * @throws NoRunError outside of a run
 * @example
 * ```ts
 * import { success } from "@trestle/host";
 * import { run } from "@trestle/structured";
 * import { microtaskDoor, suspend } from "@trestle/structured/lowlevel";
 *
 * await run(() =>
 *   suspend<string>((resume) => {
 *     const through = microtaskDoor();
 *     void Promise.resolve("there").then((value) =>
 *       through({ wake: () => resume(success(value)) }),
 *     );
 *     return () => "withdrawn";
 *   }, "a promise"),
 * );
 * ```
 */
export function microtaskDoor(): MicrotaskDoor {
  const state = requireRun("open a door for microtasks");
  return (state.door ??= (waker) => readyInMicrotask(state.runner, waker, 1));
}
