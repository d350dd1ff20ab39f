import { failure, success } from "@trestle/host";
import { Listening, type EventEndings, type EventSource } from "./event-source.js";
import type { Operation } from "../operation.js";
import { suspend } from "../suspend.js";
import { BrokenResourceError } from "../sync/resource-errors.js";

/**
 * Waits for one event of an EventEmitter or EventTarget, and gives its arguments; an EventTarget's is one, the event.
 *
 * Only events from the call's `yield*` on count. A cancellation ends the wait; however it ends, the listeners are gone then.
 * The wait keeps neither the process alive nor a virtual clock from jumping. Source: ours, after Node's `events.once`. Flavor: structured.
 *
 * @param source whoever emits
 * @param event the event's name
 * @param endings which other events end the wait: with an error, unless told otherwise an EventEmitter's "error"
 * @throws the Error that came with an event of `breakOn`; BrokenResourceError where there was none, and after an event of
 * `endOn`; ArgumentError for what emits no events
 * @example
 * ```ts
 * import { run, waitEvent } from "@trestle/structured";
 * import { createServer } from "node:net";
 *
 * await run(function* () {
 *   const server = createServer().listen(0);
 *   yield* waitEvent(server, "listening");
 *   server.close();
 *   yield* waitEvent(server, "close");
 * });
 * ```
 */
export function waitEvent<A extends unknown[] = unknown[]>(
  source: EventSource,
  event: string | symbol,
  endings: EventEndings = {},
): Operation<A> {
  const what = new Listening(source, event, ACTION).toString();
  return suspend<A>((resume) => {
    const listening = new Listening(source, event, ACTION);
    listening.start(endings, {
      emitted: (args) => {
        listening.stop();
        resume(success(args as A));
      },
      broken: ([error], name) => {
        listening.stop();
        resume(failure(error instanceof Error ? error : brokenBy(name, what, error)));
      },
      ended: (name) => {
        listening.stop();
        resume(failure(brokenBy(name, what)));
      },
    });
    return () => {
      listening.stop();
      return "withdrawn";
    };
  }, what);
}

const ACTION = "wait for an event";

function brokenBy(name: string, what: string, cause?: unknown): BrokenResourceError {
  return new BrokenResourceError(`wait for ${what}`, `'${name}' came first`, { cause });
}
