import type { EventEmitter } from "node:events";

/** How many listeners each event has, so that a test can tell who was left behind. */
export function listenersOf(emitter: EventEmitter): Record<string, number> {
  return Object.fromEntries(
    emitter.eventNames().map((event) => [String(event), emitter.listenerCount(event)]),
  );
}
