// The dashboard on a terminal. It draws when there is something new: an answer, a key, another size of the window.
//
//   wholeTerminal
//   └─ nursery
//      ├─ resizes       draw again
//      ├─ watchers      a task for each address; cancelled while it pauses
//      └─ body          the keys: p pauses and goes on, q ends the nursery
import {
  openEventChannel,
  openNursery,
  type EmitterLike,
  type EventChannel,
  type Nursery,
  type Operation,
  type Task,
} from "@trestle/structured";
import type { Monitor } from "./monitor.js";
import { render } from "./render.js";
import { draw, wholeTerminal, type Input, type Output } from "./terminal.js";
import { watch, type Ask, type Pace } from "./watch.js";

/** The two ends of a terminal. */
export interface Terminal {
  readonly input: Input & EmitterLike;
  readonly output: Output & EmitterLike;
  /** Called for Ctrl-C, which is a key like any other as long as all keys are ours. */
  readonly interrupt: () => void;
}

/** Shows the dashboard until somebody presses q. */
export function* dashboard(
  monitors: readonly Monitor[],
  pace: Pace,
  ask: Ask,
  { input, output, interrupt }: Terminal,
): Operation<void> {
  let watching: Task<void> | undefined;
  const show = (): void => {
    const { columns, rows } = output;
    draw(output, render({ monitors, isPaused: watching === undefined, columns, rows }));
  };
  const watchAll = (): Operation<void> =>
    openNursery(function* (nursery): Operation<void> {
      for (const monitor of monitors) nursery.startSoon(watch, monitor, ask, pace, show);
    });
  const toggled = (nursery: Nursery): Task<void> | undefined => {
    if (watching === undefined) return nursery.startSoon(watchAll);
    watching.cancel("p was pressed");
    return undefined;
  };

  yield* wholeTerminal(input, output, () =>
    openNursery(function* (nursery): Operation<void> {
      nursery.startSoon(() => eachEvent(output, "resize", show));
      watching = toggled(nursery);
      show();
      yield* eachEvent(input, "data", (chunk) => {
        for (const key of String(chunk)) {
          if (key === "q") nursery.cancelScope.cancel("q was pressed");
          if (key === "\u0003") interrupt();
          if (key === "p") watching = toggled(nursery);
        }
        show();
      });
    }),
  );
}

function eachEvent(
  source: EmitterLike,
  event: string,
  body: (value: unknown) => void,
): Operation<void> {
  return openEventChannel(source, event, (channel: EventChannel<[value: unknown]>) =>
    channel.each(function* ([value]) {
      body(value);
    }),
  );
}
