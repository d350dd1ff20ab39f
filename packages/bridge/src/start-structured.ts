import type { EventLoop, Future } from "@trestle/loop";
import type { StructuredFunction } from "@trestle/structured";
import { callHost, type CallHost } from "./hosted-call.js";
import { runGuest } from "./run-in-loop.js";
import { isStructuredEventLoop, startCall } from "./structured-event-loop.js";

/**
 * Starts a structured call in a loop: in the nursery of its block; in a loop that has none, as a run of its own.
 *
 * @param host what `callHost` has made for functions of this name
 */
export function startStructured<A extends unknown[], T>(
  loop: EventLoop,
  fn: StructuredFunction<A, T>,
  args: A,
  host: CallHost = callHost(fn?.name),
): Future<T> {
  return isStructuredEventLoop(loop) ? loop[startCall](host, fn, args) : runGuest(loop, fn, args);
}
