// Events as a channel: what is emitted stands in a queue until a task receives it. Whoever emits does not wait, so a queue that
// is full has to say what is lost.
//
//   open ── an event of endOn ──▶ ended ─────────────────┐
//    │  └── one of breakOn, or too many ──▶ broken ──────┤ the block ends
//    └───────────────────────────────────────────────────┴──▶ closed
//
// Ended and broken, it still gives what is in the queue.
import { type EventListeners, type Listening } from "./event-source.js";
import { Fifo } from "../fifo.js";
import { LinkedList } from "../linked-list.js";
import { BrokenResourceError, ClosedResourceError, EndOfChannel } from "../sync/resource-errors.js";
import type { Waiter } from "../sync/waiter.js";

/** What happens to an event for which there is no room: the oldest or the new one is dropped, or the channel breaks. */
export type EventOverflow = "drop-oldest" | "drop-newest" | "error";

/** What an event channel counts. */
export interface EventChannelStatistics {
  readonly currentBufferUsed: number;
  readonly maxBufferSize: number;
  /** How many events were dropped. */
  readonly dropped: number;
  readonly tasksWaitingReceive: number;
}

/** The events that a channel has not given yet, and its end. */
export class EventQueue<A extends unknown[]> implements EventListeners {
  readonly #listening: Listening;
  readonly #capacity: number;
  readonly #overflow: EventOverflow;
  readonly #events = new Fifo<A>();
  readonly receivers = new LinkedList<Waiter<A>>();
  #dropped = 0;
  /** What a receiver gets when nothing is left. */
  #ending: (() => Error) | undefined;
  /** The failure, until a receiver or the block has thrown it. */
  #unseen: Error | undefined;

  constructor(listening: Listening, capacity: number, overflow: EventOverflow) {
    this.#listening = listening;
    this.#capacity = capacity;
    this.#overflow = overflow;
  }

  emitted(args: unknown[]): void {
    const event = args as A;
    const receiver = this.receivers.first;
    if (receiver !== null) receiver.succeed(event);
    else if (this.#events.size < this.#capacity) this.#events.push(event);
    else this.#overflowed(event);
  }

  broken([cause]: unknown[], event: string): void {
    this.#break(new BrokenResourceError("receive an event", `'${event}' was emitted`, { cause }));
  }

  ended(): void {
    this.#end(() => new EndOfChannel());
  }

  /** The next event, if there is one. Throws where there will be none. */
  take(): A | undefined {
    const event = this.#events.shift();
    if (event === undefined && this.#ending !== undefined) throw this.#ending();
    return event;
  }

  /** Ends it for good, and gives the failure that nobody has seen. */
  close(): Error | undefined {
    const unseen = this.#unseen;
    this.#events.clear();
    this.#end(() => new ClosedResourceError("receive an event"));
    return unseen;
  }

  statistics(): EventChannelStatistics {
    return {
      currentBufferUsed: this.#events.size,
      maxBufferSize: this.#capacity,
      dropped: this.#dropped,
      tasksWaitingReceive: this.receivers.size,
    };
  }

  toString(): string {
    return this.#listening.toString();
  }

  #overflowed(event: A): void {
    if (this.#overflow === "error") {
      const limit = `more than ${this.#capacity} came before they were received`;
      this.#break(new BrokenResourceError("receive an event", limit));
      return;
    }
    this.#dropped++;
    if (this.#overflow === "drop-newest" || this.#events.size === 0) return;
    this.#events.shift();
    this.#events.push(event);
  }

  #break(error: Error): void {
    this.#unseen = error;
    this.#end(() => {
      this.#unseen = undefined;
      return error;
    });
  }

  #end(ending: () => Error): void {
    this.#ending = ending;
    this.#listening.stop();
    for (let receiver = this.receivers.first; receiver !== null; receiver = this.receivers.first)
      receiver.fail(ending());
  }
}
