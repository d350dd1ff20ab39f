import { success, type Host, type Release } from "@trestle/host";
import { requireTask } from "../ambient.js";
import { checkDuration } from "../durations.js";
import { idleOf, type IdleWaiter } from "../idle.js";
import type { Operation } from "../operation.js";
import { suspend } from "../suspend.js";
import { MockHost } from "./mock-host.js";

const ACTION = "wait until all tasks are blocked";

/**
 * Waits until all other tasks of the run are blocked: each waits for something that has not happened, a time or an event or
 * I/O. Tests use it to let others come to where they wait, without sleeping for it.
 *
 * Where several wait, those with the smallest cushion go on first, together, and the others begin anew. A MockClock does not
 * jump by itself meanwhile. A cancellation ends the wait at once. Source: Trio. Flavor: structured.
 *
 * @param cushionMs for how long they must have been blocked, in milliseconds of real time (of virtual time on a VirtualHost);
 * 0 unless given
 * @throws ArgumentError for a negative duration, NaN, or what is no number
 * @example
 * ```ts
 * import { Event, openNursery, run } from "@trestle/structured";
 * import { waitAllTasksBlocked } from "@trestle/structured/testing";
 *
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     const event = new Event();
 *     nursery.startSoon(() => event.wait());
 *     yield* waitAllTasksBlocked();
 *     console.log(event.statistics().tasksWaiting); // 1
 *     event.set();
 *   }),
 * );
 * ```
 */
export function waitAllTasksBlocked(cushionMs = 0): Operation<void> {
  const cushion = checkDuration(cushionMs, ACTION);
  return suspend<void>((resume) => {
    const { runner } = requireTask(ACTION);
    const release = keepStill(runner.host);
    const waiter: IdleWaiter = {
      cushion,
      idle: () => {
        release();
        resume(success());
      },
    };
    idleOf(runner).add(waiter);
    return () => {
      release();
      idleOf(runner).remove(waiter);
      return "withdrawn";
    };
  }, "all other tasks to be blocked");
}

/** A clock that jumps when all is quiet would do so while the cushion passes. */
function keepStill(host: Host): Release {
  return host instanceof MockHost ? host.keepStill() : () => {};
}
