import type { EventLoop, Future } from "@trestle/loop";
import type { StructuredFunction } from "@trestle/structured";
import { runGuest } from "./run-in-loop.js";
import { isStructuredEventLoop } from "./structured-event-loop.js";

/** Starts a structured call in a loop: in the nursery of its block; in a loop that has none, as a run of its own. */
export function startStructured<A extends unknown[], T>(
  loop: EventLoop,
  fn: StructuredFunction<A, T>,
  args: A,
): Future<T> {
  return isStructuredEventLoop(loop)
    ? loop.structuredAsFuture(fn, ...args)
    : runGuest(loop, fn, args);
}
