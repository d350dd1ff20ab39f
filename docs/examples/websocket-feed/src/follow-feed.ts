// The client: follows a feed, and connects again when that breaks, ends or falls silent, after longer and longer pauses.
import { failAfter, sleep, type Operation } from "@trestle/structured";
import { WebSocket } from "ws";
import { endingOf } from "./ending.js";
import { conversation } from "./socket.js";

/** How long things may take, in milliseconds. */
export interface Patience {
  /** How long the server may be silent, also at the beginning. */
  readonly silence: number;
  /** The first pause before it connects again; each is twice as long as the one before, up to sixteen times. */
  readonly pause: number;
}

/** Follows a feed until it is cancelled. */
export function* followFeed(
  url: string,
  { silence, pause }: Patience,
  say: (what: string) => void,
): Operation<never> {
  for (let failures = 0; ; failures++) {
    const how = yield* endingOf(() =>
      conversation(new WebSocket(url), function* (messages): Operation<void> {
        for (;;) {
          const [data] = yield* failAfter(silence, () => messages.receive());
          say(`price ${(JSON.parse(data.toString()) as { price: number }).price}`);
          failures = 0;
        }
      }),
    );
    const ms = pause * 2 ** Math.min(failures, 4);
    say(`the server ${how}; again in ${ms} ms`);
    yield* sleep(ms);
  }
}
