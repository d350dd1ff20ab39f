// What the handles of one channel have in common: the buffer, the lines of those who wait, and who is left at each side.
//
// Values and waiting senders, or waiting receivers: there are never both. A value that is handed to a waiting receiver is its own
// before it runs, and a sender whose value was taken is done before it runs, so nobody gets in between.
import { Fifo } from "../fifo.js";
import { LinkedList } from "../linked-list.js";
import { EndOfChannel } from "../sync/resource-errors.js";
import type { Waitable, Waiter } from "../sync/waiter.js";

/** What a channel counts; both ends tell the same. */
export interface ChannelStatistics {
  readonly currentBufferUsed: number;
  /** The most that there has been in the buffer; draining it does not count it down. */
  readonly peakBufferUsed: number;
  readonly maxBufferSize: number;
  readonly openSendChannels: number;
  readonly openReceiveChannels: number;
  readonly tasksWaitingSend: number;
  readonly tasksWaitingReceive: number;
}

/** Who feeds a channel on demand, and so wants to know what happens at its receiving side. */
export interface Supplier<T> {
  /** A receiver has begun to wait. */
  asked(): void;
  /** The value of a waiting sender was taken. */
  taken(sender: Waiter<void, T>): void;
  /** The last receiver was closed. */
  abandoned(): void;
  /** What those get who receive when no more will come. */
  ending(): unknown;
}

export class ChannelState<T> {
  readonly capacity: number;
  readonly supplier: Supplier<T> | undefined;
  readonly buffer = new Fifo<T>();
  readonly senders = new LinkedList<Waiter<void, T>>();
  readonly receivers = new LinkedList<Waiter<T>>();
  openSend = 0;
  openReceive = 0;
  #peak = 0;

  constructor(capacity: number, supplier?: Supplier<T>) {
    this.capacity = capacity;
    this.supplier = supplier;
  }

  /** Gives the value to a receiver or to the buffer; false where there is room in neither. */
  offer(value: T): boolean {
    const receiver = this.receivers.first;
    if (receiver !== null) {
      receiver.succeed(value);
      return true;
    }
    const { buffer } = this;
    if (buffer.size >= this.capacity) return false;
    buffer.push(value);
    if (buffer.size > this.#peak) this.#peak = buffer.size;
    return true;
  }

  /** Whether there is a value to take: in the buffer, or in a sender's hand. */
  get hasValue(): boolean {
    return this.buffer.size > 0 || this.senders.first !== null;
  }

  /** Takes the oldest value; the sender that has waited longest goes on, its value gets the free place. */
  take(): T {
    const { buffer } = this;
    const sender = this.senders.first;
    if (sender === null) return buffer.shift() as T;
    const value = sender.subject;
    if (this.supplier === undefined) sender.succeed();
    else this.supplier.taken(sender);
    if (buffer.size === 0) return value;
    const oldest = buffer.shift() as T;
    buffer.push(value);
    return oldest;
  }

  /** What receivers get once all senders are closed and nothing is left. */
  ending(): unknown {
    return this.supplier === undefined ? new EndOfChannel() : this.supplier.ending();
  }

  statistics(): ChannelStatistics {
    return {
      currentBufferUsed: this.buffer.size,
      peakBufferUsed: this.#peak,
      maxBufferSize: this.capacity,
      openSendChannels: this.openSend,
      openReceiveChannels: this.openReceive,
      tasksWaitingSend: this.senders.size,
      tasksWaitingReceive: this.receivers.size,
    };
  }
}

/** Fails those who wait in a line, or those of them who wait at one handle; each gets an error of its own. */
export function failWaiting<T, S>(
  line: LinkedList<Waiter<T, S>>,
  makeError: () => unknown,
  handle?: Waitable<T, S>,
): void {
  for (let waiter = line.first; waiter !== null;) {
    const { after } = waiter;
    if (handle === undefined || waiter.source === handle) waiter.fail(makeError());
    waiter = after;
  }
}
