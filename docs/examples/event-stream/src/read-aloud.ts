// What is done with the events: each has a deadline of its own, and all of them together have one.
import { failAfter, type Operation } from "@trestle/structured";
import { eventsOf } from "./events-of.js";

/** How long things may take, in milliseconds. */
export interface Limits {
  /** Until the next event. */
  readonly silence: number;
  /** Until the last one. */
  readonly deadline: number;
}

/**
 * Says the words that come as events, until one is called "end".
 *
 * @throws TooSlowError where a limit is broken; the connection is closed then
 */
export function readAloud(
  url: string,
  { silence, deadline }: Limits,
  say: (word: string) => void,
): Operation<void> {
  return failAfter(deadline, () =>
    eventsOf(url).open(function* (events): Operation<void> {
      for (;;) {
        const next = yield* failAfter(silence, () => events.next());
        if (next.done || next.value.event === "end") return;
        say(next.value.data);
      }
    }),
  );
}
