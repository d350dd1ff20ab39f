// A write counts as done when its promise settles. One that a cancelled send has left behind is waited for by the next send,
// and given up by the closing, as with Node's streams.
import { ArgumentError, describe } from "@trestle/host";
import { cancelShieldedCheckpoint, checkpoint, checkpointIfCancelled } from "../checkpoint.js";
import { isCancelled } from "../cancelled.js";
import { fromPromise } from "../interop/from-promise.js";
import type { Operation } from "../operation.js";
import { BrokenResourceError } from "../sync/resource-errors.js";
import { requireBytes } from "./bytes.js";
import { CloseGuard } from "./close-guard.js";
import { ConflictDetector } from "./conflict-detector.js";
import type { SendStream } from "./stream.js";

const ACTION = "send into a stream";

type Writer = ReturnType<WritableStream<Uint8Array>["getWriter"]>;
type Writing = ReturnType<Writer["write"]>;

/**
 * Makes a stream that sends into a WritableStream. It locks and owns the WritableStream from then on.
 *
 * It waits for nothing. A send waits until the WritableStream has done with the data. Closing waits until all has been
 * written, and throws a BrokenResourceError where that fails; cancelled, or after a send that was cancelled, it aborts the
 * WritableStream. A failure of the WritableStream is the cause of the BrokenResourceError. Source: ours. Flavor: structured.
 *
 * @throws ArgumentError for what is no WritableStream, or is locked
 * @example
 * ```ts
 * import { run } from "@trestle/structured";
 * import { closing, fromWritableStream } from "@trestle/structured/streams";
 *
 * const sink = new WritableStream<Uint8Array>({ write: (chunk) => console.log(chunk.length) });
 * await run(() =>
 *   closing(fromWritableStream(sink), (stream) => stream.sendAll(new Uint8Array(3))),
 * );
 * ```
 */
export function fromWritableStream(writable: WritableStream<Uint8Array>): SendStream {
  if (typeof (writable as Partial<typeof writable> | null | undefined)?.getWriter !== "function") {
    throw new ArgumentError(
      `Cannot make a stream of ${describe(writable)}: a WritableStream is wanted.\n` +
        "Node's streams come in through 'fromReadable', 'fromWritable' and 'fromDuplex'.",
    );
  }
  if (writable.locked) {
    throw new ArgumentError(
      "Cannot make a stream of a WritableStream that is locked: somebody else writes it.\nRelease that lock.",
    );
  }
  return new WebSendStream(writable);
}

class WebSendStream implements SendStream {
  readonly #writer: Writer;
  readonly #guard = new CloseGuard();
  readonly #conflicts = new ConflictDetector(ACTION);
  #writing: Writing | undefined;
  #failure: { readonly cause: unknown } | undefined;

  constructor(writable: WritableStream<Uint8Array>) {
    this.#writer = writable.getWriter();
  }

  *sendAll(data: Uint8Array): Operation<void> {
    requireBytes(data, "send");
    yield* this.#exclusively(() => this.#sendAll(data));
  }

  waitSendAllMightNotBlock(): Operation<void> {
    return this.#exclusively(() => this.#unlessBroken(this.#writer.ready));
  }

  *aclose(): Operation<void> {
    if (this.#guard.isClosed) {
      yield* checkpoint();
      return;
    }
    this.#guard.close();
    try {
      yield* checkpointIfCancelled();
      if (this.#writing === undefined && (yield* this.#isReady())) {
        yield* fromPromise(this.#writer.close());
      } else {
        this.#abort();
        yield* checkpoint();
      }
    } catch (cause) {
      if (isCancelled(cause)) {
        this.#abort();
        throw cause;
      }
      throw new BrokenResourceError("close a stream", "its last data cannot be written", { cause });
    } finally {
      this.#writer.releaseLock();
    }
  }

  /** Whether it still takes data. One that the other side has cancelled fails at its close; nobody loses anything by that. */
  *#isReady(): Operation<boolean> {
    try {
      yield* this.#unlessBroken(this.#writer.ready);
    } catch (error) {
      if (isCancelled(error)) throw error;
    }
    return this.#failure === undefined && this.#writer.desiredSize !== null;
  }

  *#exclusively(send: () => Operation<void>): Operation<void> {
    this.#guard.requireOpen(ACTION);
    yield* this.#conflicts.during(() => this.#guard.during(ACTION, () => this.#afterTheLast(send)));
  }

  *#afterTheLast(send: () => Operation<void>): Operation<void> {
    yield* checkpointIfCancelled();
    if (this.#writing !== undefined) yield* this.#written(this.#writing);
    yield* send();
  }

  *#sendAll(data: Uint8Array): Operation<void> {
    if (data.length === 0) {
      if (this.#failure !== undefined) throw this.#broken();
      yield* cancelShieldedCheckpoint();
      return;
    }
    this.#writing = this.#writer.write(data);
    yield* this.#written(this.#writing);
  }

  *#written(writing: Writing): Operation<void> {
    yield* this.#unlessBroken(writing);
    this.#writing = undefined;
  }

  *#unlessBroken(progress: Writing): Operation<void> {
    try {
      yield* fromPromise(progress);
    } catch (cause) {
      if (isCancelled(cause)) throw cause;
      this.#failure ??= { cause };
      throw this.#broken();
    }
  }

  /** Nobody waits for that: what the sink does meanwhile may never end. */
  #abort(): void {
    // What becomes of it is looked at, so that a rejection is nobody's.
    fromPromise(this.#writer.abort());
  }

  #broken(): BrokenResourceError {
    return new BrokenResourceError(ACTION, "the stream has failed", this.#failure);
  }
}
