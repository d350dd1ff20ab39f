// The bytes between the two ends of a lockstep stream: none but those of the send that waits.
import { checkpoint } from "../checkpoint.js";
import type { Operation } from "../operation.js";
import { ByteQueue } from "../streams/byte-queue.js";
import { noBytes, requireBytes, requireMaxBytes } from "../streams/bytes.js";
import { ConflictDetector } from "../streams/conflict-detector.js";
import { Event } from "../sync/event.js";
import { BrokenResourceError, ClosedResourceError } from "../sync/resource-errors.js";

const SEND = "send into a stream";
const RECEIVE = "receive from a stream";

export class LockstepStreamQueue {
  readonly #bytes = new ByteQueue();
  readonly #sending = new ConflictDetector(SEND);
  readonly #receiving = new ConflictDetector(RECEIVE);
  #changed = new Event();
  #isSenderClosed = false;
  #isReceiverClosed = false;
  #isReceiverWaiting = false;

  closeSender(): void {
    this.#isSenderClosed = true;
    this.#change();
  }

  closeReceiver(): void {
    this.#isReceiverClosed = true;
    this.#change();
  }

  *sendAll(data: Uint8Array): Operation<void> {
    requireBytes(data, "send");
    this.#requireSenderOpen();
    this.#sending.enter();
    try {
      this.#requireSendable();
      this.#bytes.push(data);
      this.#change();
      yield* this.#until(() => this.#bytes.size === 0);
      if (this.#isSenderClosed || this.#bytes.size > 0) this.#requireSendable();
    } finally {
      this.#bytes.clear();
      this.#sending.leave();
    }
  }

  *waitSendAllMightNotBlock(): Operation<void> {
    this.#requireSenderOpen();
    this.#sending.enter();
    try {
      yield* this.#until(() => this.#isReceiverWaiting);
      this.#requireSenderOpen();
    } finally {
      this.#sending.leave();
    }
  }

  *receiveSome(maxBytes: number | undefined): Operation<Uint8Array> {
    requireMaxBytes(maxBytes);
    this.#requireReceiverOpen();
    this.#receiving.enter();
    try {
      this.#isReceiverWaiting = true;
      this.#change();
      // A sender that was cancelled meanwhile has taken its bytes back.
      do {
        yield* this.#until(() => this.#bytes.size > 0);
        this.#requireReceiverOpen();
        if (this.#bytes.size === 0 && this.#isSenderClosed) return noBytes();
      } while (this.#bytes.size === 0);
      const taken = this.#bytes.take(maxBytes);
      this.#change();
      return taken;
    } finally {
      this.#isReceiverWaiting = false;
      this.#receiving.leave();
    }
  }

  /** Waits until something is so, or one side is closed: everybody has something to say to that. Then a checkpoint. */
  *#until(isSo: () => boolean): Operation<void> {
    while (!isSo() && !this.#isSenderClosed && !this.#isReceiverClosed) yield* this.#changed.wait();
    yield* checkpoint();
  }

  #requireSendable(): void {
    this.#requireSenderOpen();
    if (this.#isReceiverClosed) {
      throw new BrokenResourceError(SEND, "the receiving side has been closed");
    }
  }

  #requireSenderOpen(): void {
    if (this.#isSenderClosed) throw new ClosedResourceError(SEND);
  }

  #requireReceiverOpen(): void {
    if (this.#isReceiverClosed) throw new ClosedResourceError(RECEIVE);
  }

  #change(): void {
    const changed = this.#changed;
    this.#changed = new Event();
    changed.set();
  }
}
