import { failWaiting, type ChannelState, type ChannelStatistics } from "./channel-state.js";
import { callStructured } from "../operation-of.js";
import type { Operation } from "../operation.js";
import { noReceiver } from "./send-channel.js";
import { ClosedResourceError, EndOfChannel, WouldBlock } from "../sync/resource-errors.js";
import { Waiter, type Waitable } from "../sync/waiter.js";
import { refusingAwait } from "../refusing-await.js";

/**
 * The receiving end of a channel, or one of several handles of it. The end is open until all of them are closed; each value
 * is received by one of them.
 *
 * Source: Trio's MemoryReceiveChannel. Flavor: structured; the calls that never wait may be made from anywhere.
 *
 * @example
 * ```ts
 * import { type Operation, type ReceiveChannel } from "@trestle/structured";
 *
 * function* sum(receive: ReceiveChannel<number>): Operation<number> {
 *   let total = 0;
 *   yield* receive.each(function* (value) {
 *     total += value;
 *   });
 *   return total;
 * }
 * ```
 */
export class ReceiveChannel<T> implements Waitable<T, undefined> {
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
    return new Waiter<T>(this, undefined);
  }

  /** Receives if a value is there. @throws WouldBlock, EndOfChannel, ClosedResourceError */
  receiveNowait(): T {
    if (!this.#isReady()) throw new WouldBlock("receive");
    return this.#state.take();
  }

  /**
   * Runs a body for each value, one after another, until the channel ends. An error ends it earlier, also one of the body; the
   * handle stays open either way. Waits for values and bodies.
   *
   * @param body receives the value, then `args`
   * @throws ClosedResourceError where this handle is or gets closed; whatever the body throws
   */
  each<A extends unknown[]>(
    body: (value: T, ...args: A) => Operation<unknown>,
    ...args: A
  ): Operation<void> {
    return refusingAwait(() => this.#each(body, args));
  }

  *#each<A extends unknown[]>(
    body: (value: T, ...args: A) => Operation<unknown>,
    args: A,
  ): Operation<void> {
    for (;;) {
      let value: T;
      try {
        value = yield* this.receive();
      } catch (error) {
        if (error instanceof EndOfChannel) return;
        throw error;
      }
      yield* callStructured(body, [value, ...args], "receive each value");
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
    const state = this.#state;
    failWaiting(state.receivers, () => new ClosedResourceError("receive"), this);
    if (--state.openReceive > 0) return;
    state.supplier?.abandoned();
    failWaiting(state.senders, noReceiver);
    state.buffer.clear();
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
  attempt(waiter: Waiter<T>): boolean {
    const state = this.#state;
    if (this.#isReady()) {
      waiter.result = state.take();
      return true;
    }
    waiter.enqueue(state.receivers);
    state.supplier?.asked();
    return false;
  }

  #isReady(): boolean {
    if (this.#closed) throw new ClosedResourceError("receive");
    if (this.#state.hasValue) return true;
    if (this.#state.openSend === 0) throw this.#state.ending();
    return false;
  }
}
