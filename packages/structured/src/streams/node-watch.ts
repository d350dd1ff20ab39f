// What has become of a Node stream, by its events: it errs, ends, finishes, closes. One listener of each, from the wrapping
// until the stream has closed; an 'error' that nobody listens for would end the process.
import { checkpoint, checkpointIfCancelled } from "../checkpoint.js";
import type { Operation } from "../operation.js";
import { BrokenResourceError, ClosedResourceError } from "../sync/resource-errors.js";
import { Bell } from "./bell.js";
import type { NodeDuplex, NodeReadable, NodeStream, NodeWritable } from "./node-stream.js";

/** Where Node keeps whether a stream tells when it has closed. */
interface NodeStreamState {
  readonly emitClose?: boolean;
}

export class NodeWatch {
  /** All of the data has been read. */
  hasEnded: boolean;
  /** All of the data has been written. */
  hasFinished: boolean;
  readonly #stream: NodeStream;
  readonly #bells: Bell[] = [];
  readonly #closing = this.bell("a stream to close");
  readonly #listeners: readonly [event: string, listener: (error?: unknown) => void][];
  #failure: { readonly cause: unknown } | undefined;
  #isGone: boolean;
  /** It was closed by `aclose`, here. */
  #isClosed = false;

  constructor(stream: NodeReadable | NodeWritable | NodeDuplex) {
    this.#stream = stream;
    this.hasEnded = "readableEnded" in stream && stream.readableEnded;
    this.hasFinished = "writableFinished" in stream && stream.writableFinished;
    this.#isGone = stream.closed ?? false;
    this.#listeners = [
      ["error", this.fail],
      ["end", () => this.#become(() => (this.hasEnded = true))],
      ["finish", () => this.#become(() => (this.hasFinished = true))],
      ["close", () => this.#become(() => this.#leave())],
    ];
    if (this.#isGone) return;
    for (const [event, listener] of this.#listeners) stream.on(event, listener);
  }

  /** Makes a bell that is rung whenever something has become of the stream. */
  bell(what: string): Bell {
    const bell = new Bell(what);
    this.#bells.push(bell);
    return bell;
  }

  /** The stream has failed. The first failure counts. */
  readonly fail = (cause: unknown): void => {
    this.#become(() => (this.#failure ??= { cause }));
  };

  get isBroken(): boolean {
    return this.#cause !== undefined || this.#isGone || this.#stream.destroyed;
  }

  /** Throws where the stream is closed here. */
  requireOpen(action: string): void {
    if (this.#isClosed) throw new ClosedResourceError(action);
  }

  /** Throws where the stream is closed here, or broken. */
  requireWhole(action: string): void {
    this.requireOpen(action);
    if (this.isBroken) throw this.broken(action);
  }

  broken(action: string): BrokenResourceError {
    const cause = this.#cause;
    if (cause !== undefined) return new BrokenResourceError(action, "the stream has failed", cause);
    return new BrokenResourceError(action, "the stream was closed elsewhere, before its end");
  }

  /** Closes the stream, after `finish` or, cancelled, at once. An HTTP message that has been sent is left to its connection. */
  *close(finish: () => Operation<void>): Operation<void> {
    if (this.#isClosed) {
      yield* checkpoint();
      return;
    }
    this.#become(() => (this.#isClosed = true));
    try {
      yield* checkpointIfCancelled();
      yield* finish();
    } finally {
      if (this.#isSentMessage) this.#leave(["error", "close"]);
      else this.#destroy();
    }
    if (this.#isGone) yield* checkpoint();
    while (!this.#isGone) yield* this.#closing.wait();
  }

  /** Why it failed; Node tells before it says 'error'. */
  get #cause(): { readonly cause: unknown } | undefined {
    const { errored } = this.#stream;
    return this.#failure ?? (errored ? { cause: errored } : undefined);
  }

  /** Whether it is an HTTP request or response, all of which is sent: to destroy it would end the connection, with the answer. */
  get #isSentMessage(): boolean {
    return "headersSent" in this.#stream && this.hasFinished && !this.isBroken;
  }

  #destroy(): void {
    this.#stream.destroy();
    // Such a stream need not tell when it has closed. An error could still come, and must not end the process.
    if (!tellsClose(this.#stream)) this.#leave(["error", "close"]);
  }

  #leave(kept: readonly string[] = []): void {
    this.#isGone = true;
    for (const [event, listener] of this.#listeners) {
      if (!kept.includes(event)) this.#stream.off(event, listener);
    }
  }

  #become(change: () => unknown): void {
    change();
    for (const bell of this.#bells) bell.ring();
  }
}

function tellsClose(stream: NodeStream): boolean {
  // Sockets say that they do not tell, and do so by themselves.
  if ("connecting" in stream) return true;
  const { _readableState, _writableState } = stream as {
    readonly _readableState?: NodeStreamState;
    readonly _writableState?: NodeStreamState;
  };
  return (_writableState ?? _readableState)?.emitClose !== false;
}
