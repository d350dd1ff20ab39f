import { ArgumentError, describe } from "@trestle/host";
import { block, type Frame } from "../block.js";
import { EventQueue, type EventChannelStatistics, type EventOverflow } from "./event-queue.js";
import { Listening, type EventEndings, type EventSource } from "./event-source.js";
import { callStructured } from "../operation-of.js";
import type { Operation, Suspended } from "../operation.js";
import { suppress } from "./suppress.js";
import { returning } from "../suspend.js";
import { EndOfChannel, WouldBlock } from "../sync/resource-errors.js";
import { Waiter, type Waitable } from "../sync/waiter.js";
import type { TaskRecord } from "../task-record.js";
import { refusingAwait } from "../refusing-await.js";

/** How events are kept until they are received, and which others end the channel. */
export interface EventChannelOptions extends EventEndings {
  /** How many events may wait, a whole number, 0 or more; Infinity unless given. */
  readonly capacity?: number;
  /**
   * What happens to one too many: the oldest that waits or the new one is dropped, or the channel breaks. It breaks unless
   * told otherwise, so that nothing is lost unnoticed.
   */
  readonly overflow?: EventOverflow;
}

/**
 * Listens to an event of an EventEmitter or EventTarget while a body runs, which receives what is emitted, in order.
 *
 * Each event is the list of its arguments; an EventTarget's has one, the event. Nothing that is emitted while the body does something
 * else is missed, up to the `capacity`. An EventEmitter's "error" breaks the channel: what came before it is received, then
 * `receive` throws BrokenResourceError with the error as its `cause`; where nobody received it, it comes out of the block. The
 * listeners are gone when the block has ended.
 *
 * Waits for the body. The channel keeps neither the process alive nor a virtual clock from jumping. Source: ours, after Node's
 * `events.on`. Flavor: structured.
 *
 * @param source whoever emits
 * @param event the event's name
 * @param body receives the channel
 * @throws whatever the body throws; BrokenResourceError; ArgumentError for what emits no events, and for options that make no sense
 * @example
 * ```ts
 * import { openEventChannel, run, type EventChannel } from "@trestle/structured";
 * import { createReadStream } from "node:fs";
 * import { createInterface } from "node:readline";
 *
 * await run(() =>
 *   openEventChannel(
 *     createInterface({ input: createReadStream("package.json") }),
 *     "line",
 *     (channel: EventChannel<[line: string]>) =>
 *       channel.each(function* ([line]) {
 *         console.log(line.length);
 *       }),
 *     { endOn: ["close"] },
 *   ),
 * );
 * ```
 */
export function openEventChannel<A extends unknown[], T>(
  source: EventSource,
  event: string | symbol,
  body: (channel: EventChannel<A>) => Operation<T>,
  options: EventChannelOptions = {},
): Operation<T> {
  return block(new EventFrame<A, T>(source, event, options), body, []);
}

const ACTION = "open a channel for an event";
const OVERFLOWS: readonly unknown[] = ["drop-oldest", "drop-newest", "error"];

class EventFrame<A extends unknown[], T> implements Frame<EventChannel<A>, T, T> {
  readonly action = ACTION;
  readonly #listening: Listening;
  readonly #options: EventChannelOptions;
  readonly #queue: EventQueue<A>;

  constructor(source: EventSource, event: string | symbol, options: EventChannelOptions) {
    const { capacity = Infinity, overflow = "error" } = options;
    const isSize = capacity === Infinity || (Number.isInteger(capacity) && capacity >= 0);
    if (!isSize) {
      throw new ArgumentError(
        `Cannot ${ACTION} with a capacity of ${describe(capacity)}: a whole number, 0 or more, or Infinity is wanted.`,
      );
    }
    if (!OVERFLOWS.includes(overflow)) {
      throw new ArgumentError(
        `Cannot ${ACTION} with the overflow ${describe(overflow)}: "drop-oldest", "drop-newest" or "error" is wanted.`,
      );
    }
    this.#listening = new Listening(source, event, ACTION);
    this.#options = options;
    this.#queue = new EventQueue<A>(this.#listening, capacity, overflow);
  }

  enter(): EventChannel<A> {
    this.#listening.start(this.#options, this.#queue);
    return new EventChannel(this.#queue);
  }

  leave(_task: TaskRecord, failed: boolean, value: unknown): IteratorResult<Suspended, T> {
    const lost = this.#queue.close();
    if (!failed && lost === undefined) return returning(value as T);
    throw failed && lost !== undefined ? suppress(value, lost) : failed ? value : lost;
  }
}

/**
 * The receiving end of a channel of events: `openEventChannel` makes it.
 *
 * Source: Trio's MemoryReceiveChannel. Flavor: structured.
 *
 * @example
 * ```ts
 * import { EventEmitter } from "node:events";
 * import { openEventChannel, run, type EventChannel } from "@trestle/structured";
 *
 * const emitter = new EventEmitter();
 * setTimeout(() => emitter.emit("data", 7), 5);
 *
 * await run(() =>
 *   openEventChannel(emitter, "data", function* (channel: EventChannel<[number]>) {
 *     const [value] = yield* channel.receive();
 *     console.log(value); // 7
 *   }),
 * );
 * ```
 */
export class EventChannel<A extends unknown[]> implements Waitable<A, undefined> {
  readonly #queue: EventQueue<A>;

  /** @internal */
  constructor(queue: EventQueue<A>) {
    this.#queue = queue;
  }

  /**
   * Receives the arguments of the next event. Waits until there is one. Cancelled, it has taken none.
   *
   * @throws EndOfChannel after an event of `endOn`; BrokenResourceError after one of `breakOn`, or where too many came;
   * ClosedResourceError where the block has ended
   */
  receive(): Operation<A> {
    return new Waiter<A>(this, undefined);
  }

  /** Receives if an event is there. @throws WouldBlock, and whatever `receive` throws */
  receiveNowait(): A {
    const event = this.#queue.take();
    if (event === undefined) throw new WouldBlock("receive an event");
    return event;
  }

  /** Runs a body for each event, one after another, until the channel ends. Waits for events and bodies. */
  each(body: (event: A) => Operation<unknown>): Operation<void> {
    return refusingAwait(() => this.#each(body));
  }

  *#each(body: (event: A) => Operation<unknown>): Operation<void> {
    for (;;) {
      let event: A;
      try {
        event = yield* this.receive();
      } catch (error) {
        if (error instanceof EndOfChannel) return;
        throw error;
      }
      yield* callStructured(body, [event], "receive each event");
    }
  }

  statistics(): EventChannelStatistics {
    return this.#queue.statistics();
  }

  /** @internal */
  awaited(): string {
    return this.#queue.toString();
  }

  /** @internal */
  attempt(waiter: Waiter<A>): boolean {
    const event = this.#queue.take();
    if (event === undefined) return waiter.enqueue(this.#queue.receivers);
    waiter.result = event;
    return true;
  }
}
