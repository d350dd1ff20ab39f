import { failure, success, type Outcome } from "@trestle/host";
import { LoopStoppedError } from "@trestle/loop";
import type { Operation } from "@trestle/structured";
import { suspend } from "@trestle/structured/lowlevel";
import type { LoopStop } from "./loop-stop.js";

const WHAT = "what is queued";

/**
 * Waits until everything that is queued in a loop has run. Throws LoopStoppedError where the loop stands still before, or does so
 * already.
 *
 * @param callLast queues a function behind everything else
 */
export function untilQueueHasRun(
  stop: LoopStop,
  callLast: (fn: () => void) => void,
): Operation<void> {
  return suspend<void>((resume) => {
    if (stop.standsStill) throw new LoopStoppedError(WHAT);
    let isOver = false;
    const end = (outcome: Outcome<void>): void => {
      if (isOver) return;
      isOver = true;
      forget();
      resume(outcome);
    };
    callLast(() => end(success()));
    const forget = stop.whenStill(() => end(failure(new LoopStoppedError(WHAT))));
    return () => {
      isOver = true;
      forget();
      return "withdrawn";
    };
  }, WHAT);
}
