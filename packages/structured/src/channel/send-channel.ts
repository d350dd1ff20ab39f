import { failWaiting, type ChannelState, type ChannelStatistics } from "./channel-state.js";
import type { Operation } from "../operation.js";
import { BrokenResourceError, ClosedResourceError, WouldBlock } from "../sync/resource-errors.js";
import { Waiter, type Waitable } from "../sync/waiter.js";

/**
 * The sending end of a channel, or one of several handles of it. The end is open until all of them are closed.
 *
 * Source: Trio's MemorySendChannel. Flavor: structured; the calls that never wait may be made from anywhere.
 *
 * @example
 * ```ts
 * import { type Operation, type SendChannel } from "@trestle/structured";
 *
 * function* count(send: SendChannel<number>): Operation<void> {
 *   for (let i = 0; i < 3; i++) yield* send.send(i);
 *   send.close();
 * }
 * ```
 */
export class SendChannel<T> implements Waitable<void, T> {
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
    return new Waiter<void, T>(this, value);
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
    const state = this.#state;
    failWaiting(state.senders, () => new ClosedResourceError("send"), this);
    if (--state.openSend === 0) failWaiting(state.receivers, () => state.ending());
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
  attempt(waiter: Waiter<void, T>): boolean {
    return this.#offer(waiter.subject) || waiter.enqueue(this.#state.senders);
  }

  #offer(value: T): boolean {
    if (this.#closed) throw new ClosedResourceError("send");
    if (this.#state.openReceive === 0) throw noReceiver();
    return this.#state.offer(value);
  }
}

/** The error for those who send where nobody can receive any more. */
export function noReceiver(): BrokenResourceError {
  return new BrokenResourceError("send", "all receivers have closed");
}
