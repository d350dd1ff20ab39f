// eventsource-client gives events as an async iterable that never ends by itself: where the connection breaks, it connects again. Only
// its `close` ends it, so this generator calls that: when nobody goes on with it, and when it is cancelled while it waits.
import { asStructured } from "@trestle/bridge";
import { currentTask } from "@trestle/loop";
import { createEventSource, type EventSourceMessage } from "eventsource-client";

/** The events of an address, to go through by `each` or `open`. However that ends, the connection is closed then. */
export const eventsOf = asStructured(events);

async function* events(url: string): AsyncGenerator<EventSourceMessage, void> {
  // It fires when structured code that waits for the next event is cancelled.
  const signal = currentTask()?.signal;
  const source = createEventSource({ url });
  const close = (): void => source.close();
  signal?.addEventListener("abort", close);
  try {
    yield* source;
    // It has ended because it was closed: that is the cancellation, and no end of the events.
    signal?.throwIfAborted();
  } finally {
    signal?.removeEventListener("abort", close);
    close();
  }
}
