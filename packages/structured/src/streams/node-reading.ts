import { cancelShieldedCheckpoint, checkpointIfCancelled } from "../checkpoint.js";
import type { Operation } from "../operation.js";
import type { Bell } from "./bell.js";
import { ConflictDetector } from "./conflict-detector.js";
import type { NodeReadable } from "./node-stream.js";
import type { NodeWatch } from "./node-watch.js";

const ACTION = "receive from a stream";

/** The reading side of a Node stream. It reads when it is asked to, and listens for 'readable' only while a task waits. */
export class NodeReading {
  readonly #stream: NodeReadable;
  readonly #watch: NodeWatch;
  readonly #bell: Bell;
  readonly #conflicts = new ConflictDetector(ACTION);

  constructor(stream: NodeReadable, watch: NodeWatch) {
    this.#stream = stream;
    this.#watch = watch;
    this.#bell = watch.bell("data from a stream");
  }

  /**
   * Gives what `read` gives, when that is not null; `end`, which is never null, at the end of the stream. Where there is something at once, the task
   * passes a checkpoint that cannot be cancelled any more, so nothing that was read is lost.
   */
  *next<T, E>(read: () => T | null, end: () => E): Operation<T | E> {
    this.#watch.requireOpen(ACTION);
    this.#conflicts.enter();
    try {
      yield* checkpointIfCancelled();
      for (let hasWaited = false; ; hasWaited = true) {
        const found = this.#look(read, end);
        if (found === null) {
          yield* this.#readable();
        } else {
          if (!hasWaited) yield* cancelShieldedCheckpoint();
          return found;
        }
      }
    } finally {
      this.#conflicts.leave();
    }
  }

  #look<T, E>(read: () => T | null, end: () => E): T | E | null {
    this.#watch.requireOpen(ACTION);
    const found = read();
    if (found !== null) return found;
    if (this.#watch.hasEnded) return end();
    this.#watch.requireWhole(ACTION);
    return null;
  }

  *#readable(): Operation<void> {
    this.#stream.on("readable", this.#bell.ring);
    try {
      yield* this.#bell.wait();
    } finally {
      this.#stream.off("readable", this.#bell.ring);
    }
  }
}
