import { WrongFlavorError } from "@trestle/host";
import {
  currentLoop as runningLoop,
  newEventLoop as makeLoop,
  type EventLoop,
  type EventLoopOptions,
} from "@trestle/loop";
import { inStructuredTask } from "@trestle/structured";
import { adopt } from "./adopted-loops.js";
import { warnDeprecated } from "./deprecation-warning.js";
import { isStructuredEventLoop } from "./structured-event-loop.js";

/**
 * Makes a loop by hand, by the loop policy, in which `asLoop` and `runStructured` work: for programs without a structured main.
 *
 * `runUntilComplete` and `runForever` may be called again and again; what is alive stands still in between. Each structured call
 * is a run of its own, as by `runInLoop`. Deprecated, with one warning: start the program with `run` of @trestle/bridge, or give
 * structured code to `runInLoop`. Source: trio-asyncio's `new_event_loop` outside of Trio. Flavor: neither; it waits for nothing.
 *
 * @param options how the loop lives, for policies that look at them
 * @throws WrongFlavorError in structured code, and in the code of a loop of `openLoop`
 * @example
 * ```ts
 * import { asLoop, newEventLoop } from "@trestle/bridge";
 * import { sleep } from "@trestle/structured";
 *
 * const loop = newEventLoop();
 * const nap = asLoop(sleep);
 * await loop.runUntilComplete(async () => nap(10));
 * await loop.runUntilComplete(async () => nap(10));
 * await loop.close();
 * ```
 */
export function newEventLoop(options: EventLoopOptions = {}): EventLoop {
  if (inStructuredTask() || isStructuredEventLoop(runningLoop())) {
    throw new WrongFlavorError(
      "Cannot make an event loop by hand: a structured run goes on here, which would not run it.\n" +
        "Open one with 'yield* openLoop(function* (loop) { ... })'.",
    );
  }
  warnDeprecated(
    "'newEventLoop' of @trestle/bridge",
    "Start the program with 'run' of @trestle/bridge, or give structured code to 'runInLoop'.",
  );
  const loop = makeLoop(options);
  adopt(loop);
  return loop;
}
