// Memory channels: values handed from task to task, through a buffer of a chosen size or, with none, from hand to hand.
//
// Each side may be held by several handles (`clone`); a side is open until its last handle is closed. Values that were
// handed to a waiting receiver are its own before it runs, so a cancelled receive has lost nothing.
import { ArgumentError, describe } from "@trestle/host";
import { Fifo } from "./fifo.js";
import { LinkedList } from "./linked-list.js";
import { callStructured } from "./operation-of.js";
import type { Operation } from "./operation.js";
import {
  BrokenResourceError,
  ClosedResourceError,
  EndOfChannel,
  WouldBlock,
} from "./sync/resource-errors.js";
import { Waiter, type Waitable } from "./sync/waiter.js";

/** What a channel counts; both ends tell the same. */
export interface ChannelStatistics {
  readonly currentBufferUsed: number;
  readonly maxBufferSize: number;
  readonly openSendChannels: number;
  readonly openReceiveChannels: number;
  readonly tasksWaitingSend: number;
  readonly tasksWaitingReceive: number;
}

/** A value on its way, and the handle that it is sent through. */
interface Sending<T> {
  readonly value: T;
  readonly handle: SendChannel<T>;
}

class ChannelState<T> {
  readonly buffer = new Fifo<T>();
  readonly capacity: number;
  readonly senders = new LinkedList<Waiter<void, Sending<T>>>();
  readonly receivers = new LinkedList<Waiter<T, ReceiveChannel<T>>>();
  openSend = 0;
  openReceive = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Gives the value to a receiver or to the buffer; false where there is room in neither. */
  offer(value: T): boolean {
    const receiver = this.receivers.first;
    if (receiver !== null) receiver.succeed(value);
    else if (this.buffer.size < this.capacity) this.buffer.push(value);
    else return false;
    return true;
  }

  /** Whether there is a value to take: in the buffer, or in a sender's hand. */
  get hasValue(): boolean {
    return this.buffer.size > 0 || this.senders.first !== null;
  }

  take(): T {
    const sender = this.senders.first;
    if (sender !== null) {
      this.buffer.push(sender.subject.value);
      sender.succeed();
    }
    return this.buffer.shift() as T;
  }

  statistics(): ChannelStatistics {
    return {
      currentBufferUsed: this.buffer.size,
      maxBufferSize: this.capacity,
      openSendChannels: this.openSend,
      openReceiveChannels: this.openReceive,
      tasksWaitingSend: this.senders.size,
      tasksWaitingReceive: this.receivers.size,
    };
  }
}

/**
 * Makes a channel: what is sent at one end is received at the other, once each, in order.
 *
 * Source: Trio's memory channels. Flavor: structured; the calls that never wait may be made from anywhere.
 *
 * @param maxBufferSize how many values may wait in the channel, a whole number, 0 or more, or Infinity; with 0 a send waits
 * for its receive
 * @throws ArgumentError for other sizes
 * @example
 * ```ts
 * import { openMemoryChannel, openNursery, run } from "@trestle/structured";
 *
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     const [send, receive] = openMemoryChannel<number>(0);
 *     nursery.startSoon(function* () {
 *       for (let i = 0; i < 3; i++) yield* send.send(i);
 *       send.close();
 *     });
 *     yield* receive.each(function* (i) {
 *       console.log(i);
 *     });
 *   }),
 * );
 * ```
 */
export function openMemoryChannel<T>(
  maxBufferSize: number,
): [send: SendChannel<T>, receive: ReceiveChannel<T>] {
  if (
    maxBufferSize !== Number.POSITIVE_INFINITY &&
    !(Number.isInteger(maxBufferSize) && maxBufferSize >= 0)
  ) {
    throw new ArgumentError(
      `Cannot open a channel with a buffer of ${describe(maxBufferSize)}: a whole number, 0 or more, or Infinity is wanted.`,
    );
  }
  const state = new ChannelState<T>(maxBufferSize);
  return [new SendChannel(state), new ReceiveChannel(state)];
}

/** The sending end of a channel. Source: Trio's MemorySendChannel. Flavor: structured. */
export class SendChannel<T> implements Waitable<void, Sending<T>> {
  readonly #state: ChannelState<T>;
  #closed = false;

  /** @internal */
  constructor(state: ChannelState<T>) {
    this.#state = state;
    state.openSend++;
  }

  /**
   * Sends a value. Waits until it is received, or has a place in the buffer. Cancelled, it was not sent.
   *
   * @throws ClosedResourceError where this handle is or gets closed; BrokenResourceError where no receiver is left
   */
  send(value: T): Operation<void> {
    return new Waiter<void, Sending<T>>(this, { value, handle: this });
  }

  /** Sends if that needs no waiting. @throws WouldBlock, ClosedResourceError, BrokenResourceError */
  sendNowait(value: T): void {
    if (!this.#offer(value)) throw new WouldBlock("send");
  }

  /** Makes another handle of this end. @throws ClosedResourceError where this one is closed */
  clone(): SendChannel<T> {
    if (this.#closed) throw new ClosedResourceError("clone this end of the channel");
    return new SendChannel(this.#state);
  }

  /** Closes this handle, at once; who waits in it gets ClosedResourceError. After the last one, receivers get EndOfChannel. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const { senders, receivers } = this.#state;
    failEach(senders, (waiter) => waiter.subject.handle === this, new ClosedResourceError("send"));
    if (--this.#state.openSend === 0) failEach(receivers, () => true, new EndOfChannel());
  }

  statistics(): ChannelStatistics {
    return this.#state.statistics();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal */
  awaited(): string {
    return "room in a channel";
  }

  /** @internal */
  attempt(waiter: Waiter<void, Sending<T>>): boolean {
    return this.#offer(waiter.subject.value) || waiter.enqueue(this.#state.senders);
  }

  #offer(value: T): boolean {
    if (this.#closed) throw new ClosedResourceError("send");
    if (this.#state.openReceive === 0)
      throw new BrokenResourceError("send", "all receivers have closed");
    return this.#state.offer(value);
  }
}

/** The receiving end of a channel. Source: Trio's MemoryReceiveChannel. Flavor: structured. */
export class ReceiveChannel<T> implements Waitable<T, ReceiveChannel<T>> {
  readonly #state: ChannelState<T>;
  #closed = false;

  /** @internal */
  constructor(state: ChannelState<T>) {
    this.#state = state;
    state.openReceive++;
  }

  /**
   * Receives the next value. Waits until there is one. Cancelled, it has taken none.
   *
   * @throws EndOfChannel where no more can come; ClosedResourceError where this handle is or gets closed
   */
  receive(): Operation<T> {
    return new Waiter<T, ReceiveChannel<T>>(this, this);
  }

  /** Receives if a value is there. @throws WouldBlock, EndOfChannel, ClosedResourceError */
  receiveNowait(): T {
    if (!this.#isReady()) throw new WouldBlock("receive");
    return this.#state.take();
  }

  /** Runs a body for each value, one after another, until the channel ends. Waits for values and bodies. */
  *each(body: (value: T) => Operation<unknown>): Operation<void> {
    for (;;) {
      let value: T;
      try {
        value = yield* this.receive();
      } catch (error) {
        if (error instanceof EndOfChannel) return;
        throw error;
      }
      yield* callStructured(body, [value], "receive each value");
    }
  }

  /** Makes another handle of this end. @throws ClosedResourceError where this one is closed */
  clone(): ReceiveChannel<T> {
    if (this.#closed) throw new ClosedResourceError("clone this end of the channel");
    return new ReceiveChannel(this.#state);
  }

  /**
   * Closes this handle, at once; who waits in it gets ClosedResourceError. After the last one, senders get
   * BrokenResourceError, and what was in the buffer is gone.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const { senders, receivers, buffer } = this.#state;
    failEach(receivers, (waiter) => waiter.subject === this, new ClosedResourceError("receive"));
    if (--this.#state.openReceive > 0) return;
    failEach(senders, () => true, new BrokenResourceError("send", "all receivers have closed"));
    buffer.clear();
  }

  statistics(): ChannelStatistics {
    return this.#state.statistics();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal */
  awaited(): string {
    return "a value from a channel";
  }

  /** @internal */
  attempt(waiter: Waiter<T, ReceiveChannel<T>>): boolean {
    if (!this.#isReady()) return waiter.enqueue(this.#state.receivers);
    waiter.result = this.#state.take();
    return true;
  }

  #isReady(): boolean {
    if (this.#closed) throw new ClosedResourceError("receive");
    if (this.#state.hasValue) return true;
    if (this.#state.openSend === 0) throw new EndOfChannel();
    return false;
  }
}

function failEach<T, S>(
  queue: LinkedList<Waiter<T, S>>,
  isMeant: (waiter: Waiter<T, S>) => boolean,
  error: unknown,
): void {
  for (let waiter = queue.first; waiter !== null;) {
    const { after } = waiter;
    if (isMeant(waiter)) waiter.fail(error);
    waiter = after;
  }
}
