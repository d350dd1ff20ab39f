import { checkpoint } from "../checkpoint.js";
import type { Operation } from "../operation.js";
import { StapledStream } from "../streams/stapled-stream.js";
import type { ReceiveStream, SendStream } from "../streams/stream.js";
import { LockstepStreamQueue } from "./lockstep-stream-queue.js";

/**
 * Makes two streams, of which the second receives what is sent into the first, with nothing between them: a send waits until
 * all of it has been received. It finds code that hangs unless somebody keeps what it sends.
 *
 * It waits for nothing itself, and throws nothing. Source: Trio. Flavor: structured.
 *
 * @example
 * ```ts
 * import { openNursery, run } from "@trestle/structured";
 * import { lockstepStreamOneWayPair } from "@trestle/structured/testing";
 *
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     const [send, receive] = lockstepStreamOneWayPair();
 *     nursery.startSoon(() => send.sendAll(new Uint8Array([1])));
 *     console.log(yield* receive.receiveSome()); // Uint8Array [1]
 *   }),
 * );
 * ```
 */
export function lockstepStreamOneWayPair(): [send: SendStream, receive: ReceiveStream] {
  const queue = new LockstepStreamQueue();
  return [new LockstepSendStream(queue), new LockstepReceiveStream(queue)];
}

/**
 * Makes two streams, each of which receives what is sent into the other, with nothing between them: a send waits until all of
 * it has been received.
 *
 * It waits for nothing itself, and throws nothing. Source: Trio. Flavor: structured.
 *
 * @example
 * ```ts
 * import { openNursery, run } from "@trestle/structured";
 * import { lockstepStreamPair } from "@trestle/structured/testing";
 *
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     const [left, right] = lockstepStreamPair();
 *     nursery.startSoon(() => left.sendAll(new Uint8Array([1])));
 *     console.log(yield* right.receiveSome()); // Uint8Array [1]
 *   }),
 * );
 * ```
 */
export function lockstepStreamPair(): [left: StapledStream, right: StapledStream] {
  const [leftSend, rightReceive] = lockstepStreamOneWayPair();
  const [rightSend, leftReceive] = lockstepStreamOneWayPair();
  return [new StapledStream(leftSend, leftReceive), new StapledStream(rightSend, rightReceive)];
}

class LockstepSendStream implements SendStream {
  readonly #queue: LockstepStreamQueue;

  constructor(queue: LockstepStreamQueue) {
    this.#queue = queue;
  }

  sendAll(data: Uint8Array): Operation<void> {
    return this.#queue.sendAll(data);
  }

  waitSendAllMightNotBlock(): Operation<void> {
    return this.#queue.waitSendAllMightNotBlock();
  }

  *aclose(): Operation<void> {
    this.#queue.closeSender();
    yield* checkpoint();
  }
}

class LockstepReceiveStream implements ReceiveStream {
  readonly #queue: LockstepStreamQueue;

  constructor(queue: LockstepStreamQueue) {
    this.#queue = queue;
  }

  receiveSome(maxBytes?: number): Operation<Uint8Array> {
    return this.#queue.receiveSome(maxBytes);
  }

  *aclose(): Operation<void> {
    this.#queue.closeReceiver();
    yield* checkpoint();
  }
}
