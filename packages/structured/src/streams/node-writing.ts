// The writing side of a Node stream. A write counts as done when its callback comes, so that what was sent has left Node's
// buffers, and whoever reads paces the sender.
//
// A send that was cancelled leaves its write behind: it cannot be taken back. The next send waits for it first, so that
// nothing piles up, and `finish` does not wait for it.
import { cancelShieldedCheckpoint, checkpointIfCancelled } from "../checkpoint.js";
import type { Operation } from "../operation.js";
import { BrokenResourceError, ClosedResourceError } from "../sync/resource-errors.js";
import type { Bell } from "./bell.js";
import { requireBytes } from "./bytes.js";
import { ConflictDetector } from "./conflict-detector.js";
import type { NodeWritable } from "./node-stream.js";
import type { NodeWatch } from "./node-watch.js";

const ACTION = "send into a stream";

export class NodeWriting {
  readonly #stream: NodeWritable;
  readonly #watch: NodeWatch;
  readonly #bell: Bell;
  readonly #conflicts = new ConflictDetector(ACTION);
  #isWriting = false;
  #isEnded = false;

  constructor(stream: NodeWritable, watch: NodeWatch) {
    this.#stream = stream;
    this.#watch = watch;
    this.#bell = watch.bell("a stream to take data");
  }

  *sendAll(data: Uint8Array): Operation<void> {
    requireBytes(data, "send");
    yield* this.#exclusively(() => {
      // Some streams take an empty chunk for an end.
      if (data.length > 0) this.#write(data);
    });
  }

  /** Waits until nothing is being written. */
  waitSendAllMightNotBlock(): Operation<void> {
    return this.#exclusively(() => {});
  }

  /** Ends the stream, and waits until all has been written. */
  *sendEof(): Operation<void> {
    this.#watch.requireOpen(ACTION);
    this.#conflicts.enter();
    try {
      yield* checkpointIfCancelled();
      this.#watch.requireOpen(ACTION);
      if (!this.#isEnded && !this.#watch.hasFinished) yield* this.#written();
      this.#isEnded = true;
      if (this.#watch.hasFinished) yield* cancelShieldedCheckpoint();
      else yield* this.#finished(() => this.#watch.requireWhole(ACTION));
    } finally {
      this.#conflicts.leave();
    }
  }

  /**
   * For the closing: ends the stream and waits until all has been written. A stream that is broken already, or that a send was
   * given up in, is left as it is.
   */
  *finish(): Operation<void> {
    if (this.#isWriting || this.#watch.isBroken) return;
    yield* this.#finished(() => {
      if (this.#watch.isBroken) throw this.#watch.broken("write the last data of a stream");
    });
  }

  *#finished(requireWhole: () => void): Operation<void> {
    if (!this.#stream.writableEnded) this.#stream.end();
    while (!this.#watch.hasFinished) {
      requireWhole();
      yield* this.#bell.wait();
    }
  }

  *#exclusively(send: () => void): Operation<void> {
    this.#watch.requireOpen(ACTION);
    this.#conflicts.enter();
    try {
      yield* checkpointIfCancelled();
      this.#requireSendable();
      let hasWaited = yield* this.#written();
      this.#requireSendable();
      send();
      hasWaited = (yield* this.#written()) || hasWaited;
      if (!hasWaited) yield* cancelShieldedCheckpoint();
    } finally {
      this.#conflicts.leave();
    }
  }

  #requireSendable(): void {
    if (this.#isEnded) throw new ClosedResourceError(ACTION);
    this.#watch.requireWhole(ACTION);
    if (this.#stream.writableEnded) {
      throw new BrokenResourceError(ACTION, "the stream was ended elsewhere");
    }
  }

  /** Waits until nothing is being written; tells whether it had to wait. */
  *#written(): Operation<boolean> {
    let hasWaited = false;
    while (this.#isWriting) {
      this.#watch.requireWhole(ACTION);
      hasWaited = true;
      yield* this.#bell.wait();
    }
    return hasWaited;
  }

  #write(data: Uint8Array): void {
    this.#isWriting = true;
    this.#stream.write(data, (error) => {
      // A write that failed stays unfinished for ever, and so is the stream.
      if (error) {
        this.#watch.fail(error);
      } else {
        this.#isWriting = false;
        this.#bell.ring();
      }
    });
  }
}
