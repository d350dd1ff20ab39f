import { checkpoint } from "../checkpoint.js";
import type { Operation } from "../operation.js";
import { requireMaxBytes } from "../streams/bytes.js";
import { CloseGuard } from "../streams/close-guard.js";
import { ConflictDetector } from "../streams/conflict-detector.js";
import type { ReceiveStream } from "../streams/stream.js";
import { runHook } from "./memory-send-stream.js";
import { MemoryStreamQueue } from "./memory-stream-queue.js";

/** What a test wants to happen when a MemoryReceiveStream is used. */
export interface MemoryReceiveStreamHooks {
  /** Run by `receiveSome`, before it takes anything. What it throws, `receiveSome` throws. */
  readonly receiveSomeHook?: (() => Operation<void>) | undefined;
  /** Called when the stream is closed. It waits for nothing. */
  readonly closeHook?: (() => void) | undefined;
}

const ACTION = "receive from a stream";

/**
 * A stream for tests that gives what the test has put in. Hooks let a receive fail, take its time, or put the data in.
 *
 * Source: Trio. Flavor: structured; `putData`, `putEof` and `close` may be called from anywhere.
 *
 * @example
 * ```ts
 * import { run } from "@trestle/structured";
 * import { MemoryReceiveStream } from "@trestle/structured/testing";
 *
 * await run(function* () {
 *   const stream = new MemoryReceiveStream();
 *   stream.putData(new Uint8Array([1, 2, 3]));
 *   stream.putEof();
 *   console.log(yield* stream.receiveSome(2)); // Uint8Array [1, 2]
 * });
 * ```
 */
export class MemoryReceiveStream implements ReceiveStream {
  /** Run by `receiveSome`; may be changed at any time, like the other one. */
  receiveSomeHook: (() => Operation<void>) | undefined;
  closeHook: (() => void) | undefined;
  readonly #queue = new MemoryStreamQueue("put", ACTION);
  readonly #guard = new CloseGuard();
  readonly #conflicts = new ConflictDetector(ACTION);

  constructor(hooks: MemoryReceiveStreamHooks = {}) {
    this.receiveSomeHook = hooks.receiveSomeHook;
    this.closeHook = hooks.closeHook;
  }

  /** Gives the next bytes that were put in, after running the `receiveSomeHook`; none after `putEof`. */
  *receiveSome(maxBytes?: number): Operation<Uint8Array> {
    requireMaxBytes(maxBytes);
    this.#guard.requireOpen(ACTION);
    return yield* this.#conflicts.during(() =>
      this.#guard.during(ACTION, () => this.#receiveSome(maxBytes)),
    );
  }

  /** Closes the stream, once, and calls the `closeHook`. What was put in is gone. */
  close(): void {
    if (this.#guard.isClosed) return;
    this.#guard.close();
    this.#queue.closeAndWipe();
    this.closeHook?.();
  }

  /** Closes the stream, once, and calls the `closeHook`. Then a checkpoint. */
  *aclose(): Operation<void> {
    this.close();
    yield* checkpoint();
  }

  /** Puts data in. @throws ClosedResourceError after `putEof` or `close` */
  putData(data: Uint8Array): void {
    this.#queue.put(data);
  }

  /** Ends the stream: after what is in it there is nothing for ever. */
  putEof(): void {
    this.#queue.close();
  }

  *#receiveSome(maxBytes: number | undefined): Operation<Uint8Array> {
    yield* checkpoint();
    yield* checkpoint();
    yield* runHook(this.receiveSomeHook);
    return yield* this.#queue.get(maxBytes);
  }
}
