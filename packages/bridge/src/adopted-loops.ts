// Loops that nobody has opened in a structured run, and in which loop code may call structured functions all the same: each such
// call is a run of its own, as a guest of the loop.
import { processWide, type Release } from "@trestle/host";
import type { EventLoop } from "@trestle/loop";

const adopted = processWide(
  "@trestle/bridge adopted loops",
  1,
  () => new WeakMap<EventLoop, number>(),
);

/** Lets structured calls into a loop, until that is taken back as often. */
export function adopt(loop: EventLoop): Release {
  adopted.set(loop, countOf(loop) + 1);
  return () => void adopted.set(loop, countOf(loop) - 1);
}

/** Whether structured calls may be made in a loop. */
export function isAdopted(loop: EventLoop): boolean {
  return countOf(loop) > 0;
}

function countOf(loop: EventLoop): number {
  return adopted.get(loop) ?? 0;
}
