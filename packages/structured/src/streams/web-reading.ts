// The reading of a web stream. A read that was asked for cannot be taken back, so a cancelled receive leaves its read behind,
// and the next receive takes that one first: nothing is lost.
import { ArgumentError, describe } from "@trestle/host";
import { cancelShieldedCheckpoint, checkpoint, checkpointIfCancelled } from "../checkpoint.js";
import { isCancelled } from "../cancelled.js";
import { fromPromise } from "../interop/from-promise.js";
import type { Operation } from "../operation.js";
import { BrokenResourceError } from "../sync/resource-errors.js";
import { CloseGuard } from "./close-guard.js";
import { ConflictDetector } from "./conflict-detector.js";

const ACTION = "receive from a stream";

type Reader<T> = ReturnType<typeof readerOf<T>>;

function readerOf<T>(stream: ReadableStream<T>) {
  return stream.getReader();
}

export class WebReading<T> {
  readonly #reader: Reader<T>;
  readonly #guard = new CloseGuard();
  readonly #conflicts = new ConflictDetector(ACTION);
  #reading: ReturnType<Reader<T>["read"]> | undefined;
  #hasEnded = false;
  #failure: { readonly cause: unknown } | undefined;

  /** @throws ArgumentError for what is no readable web stream, or is locked by another reader */
  constructor(stream: ReadableStream<T>) {
    if (typeof (stream as Partial<typeof stream> | null | undefined)?.getReader !== "function") {
      throw new ArgumentError(
        `Cannot make a stream of ${describe(stream)}: a ReadableStream is wanted.\n` +
          "Node's streams come in through 'fromReadable', 'fromWritable' and 'fromDuplex'.",
      );
    }
    if (stream.locked) {
      throw new ArgumentError(
        "Cannot make a stream of a ReadableStream that is locked: somebody else reads it.\n" +
          "Release that lock, or use one branch of 'tee()'.",
      );
    }
    this.#reader = readerOf(stream);
  }

  /**
   * Gives the rest of what was read before, or what `take` makes of what is read now, when that is not undefined; `end` at the
   * end of the stream.
   */
  *next<U, E>(
    rest: () => U | undefined,
    take: (found: T) => U | undefined,
    end: () => E,
  ): Operation<U | E> {
    this.#guard.requireOpen(ACTION);
    return yield* this.#conflicts.during(() =>
      this.#guard.during(ACTION, () => this.#next(rest, take, end)),
    );
  }

  *aclose(): Operation<void> {
    if (this.#guard.isClosed) {
      yield* checkpoint();
      return;
    }
    this.#guard.close();
    const closed = fromPromise(this.#reader.cancel());
    this.#reader.releaseLock();
    try {
      yield* closed;
    } catch (cause) {
      if (isCancelled(cause)) throw cause;
      if (this.#failure !== undefined) return;
      throw new BrokenResourceError("close a stream", "its source has failed", { cause });
    }
  }

  *#next<U, E>(
    rest: () => U | undefined,
    take: (found: T) => U | undefined,
    end: () => E,
  ): Operation<U | E> {
    yield* checkpointIfCancelled();
    let taken = rest();
    if (taken !== undefined || this.#hasEnded) {
      yield* cancelShieldedCheckpoint();
      return taken ?? end();
    }
    while (taken === undefined) {
      const { done, value } = yield* this.#read();
      if (done) {
        this.#hasEnded = true;
        return end();
      }
      taken = take(value as T);
    }
    return taken;
  }

  *#read(): Operation<{ readonly done: boolean; readonly value?: T | undefined }> {
    if (this.#failure !== undefined) throw this.#broken();
    this.#reading ??= this.#reader.read();
    try {
      const result = yield* fromPromise(this.#reading);
      this.#reading = undefined;
      return result;
    } catch (cause) {
      if (isCancelled(cause)) throw cause;
      this.#failure = { cause };
      throw this.#broken();
    }
  }

  #broken(): BrokenResourceError {
    return new BrokenResourceError(ACTION, "the stream has failed", this.#failure);
  }
}
