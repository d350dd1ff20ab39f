import { checkpoint } from "../checkpoint.js";
import { callStructured } from "../operation-of.js";
import type { Operation } from "../operation.js";
import { requireBytes } from "../streams/bytes.js";
import { CloseGuard } from "../streams/close-guard.js";
import { ConflictDetector } from "../streams/conflict-detector.js";
import type { SendStream } from "../streams/stream.js";
import { MemoryStreamQueue } from "./memory-stream-queue.js";

/** What a test wants to happen when a MemorySendStream is used. */
export interface MemorySendStreamHooks {
  /** Run by `sendAll`, after the data has been put into memory. What it throws, `sendAll` throws. */
  readonly sendAllHook?: (() => Operation<void>) | undefined;
  /** Run by `waitSendAllMightNotBlock`. */
  readonly waitSendAllMightNotBlockHook?: (() => Operation<void>) | undefined;
  /** Called when the stream is closed. It waits for nothing. */
  readonly closeHook?: (() => void) | undefined;
}

const ACTION = "send into a stream";

/**
 * A stream for tests that keeps in memory what is sent, without a bound, for the test to look at. Hooks let a send fail, or
 * take its time.
 *
 * Source: Trio. Flavor: structured; `close` and `getDataNowait` may be called from anywhere.
 *
 * @example
 * ```ts
 * import { run } from "@trestle/structured";
 * import { MemorySendStream } from "@trestle/structured/testing";
 *
 * await run(function* () {
 *   const stream = new MemorySendStream();
 *   yield* stream.sendAll(new Uint8Array([1, 2, 3]));
 *   console.log(stream.getDataNowait()); // Uint8Array [1, 2, 3]
 * });
 * ```
 */
export class MemorySendStream implements SendStream {
  /** Run by `sendAll`; may be changed at any time, like the other two. */
  sendAllHook: (() => Operation<void>) | undefined;
  waitSendAllMightNotBlockHook: (() => Operation<void>) | undefined;
  closeHook: (() => void) | undefined;
  readonly #queue = new MemoryStreamQueue("send", "get data from a memory stream");
  readonly #guard = new CloseGuard();
  readonly #conflicts = new ConflictDetector(ACTION);

  constructor(hooks: MemorySendStreamHooks = {}) {
    this.sendAllHook = hooks.sendAllHook;
    this.waitSendAllMightNotBlockHook = hooks.waitSendAllMightNotBlockHook;
    this.closeHook = hooks.closeHook;
  }

  /** Puts the data into memory, then runs the `sendAllHook`. Waits for that, and for two rounds, to show who sends at once. */
  *sendAll(data: Uint8Array): Operation<void> {
    requireBytes(data, "send");
    yield* this.#exclusively(() => this.#sendAll(data));
  }

  /** Runs the `waitSendAllMightNotBlockHook`. Waits for that, and for two rounds. */
  waitSendAllMightNotBlock(): Operation<void> {
    return this.#exclusively(() => this.#pass(this.waitSendAllMightNotBlockHook));
  }

  /** Closes the stream, once, and calls the `closeHook`. */
  close(): void {
    if (this.#guard.isClosed) return;
    this.#guard.close();
    this.#queue.close();
    this.closeHook?.();
  }

  /** Closes the stream, once, and calls the `closeHook`. Then a checkpoint. */
  *aclose(): Operation<void> {
    this.close();
    yield* checkpoint();
  }

  /**
   * Gives what was sent, and takes it out. Waits until there is something; none when the stream is closed.
   *
   * @param maxBytes a whole number from 1; everything unless given
   */
  getData(maxBytes?: number): Operation<Uint8Array> {
    return this.#queue.get(maxBytes);
  }

  /** Gives what was sent, and takes it out. @throws WouldBlock where there is nothing, and the stream is open */
  getDataNowait(maxBytes?: number): Uint8Array {
    return this.#queue.getNowait(maxBytes);
  }

  *#exclusively(send: () => Operation<void>): Operation<void> {
    this.#guard.requireOpen(ACTION);
    yield* this.#conflicts.during(() => this.#guard.during(ACTION, send));
  }

  *#sendAll(data: Uint8Array): Operation<void> {
    yield* this.#pass(undefined);
    this.#queue.put(data);
    yield* runHook(this.sendAllHook);
  }

  *#pass(hook: (() => Operation<void>) | undefined): Operation<void> {
    yield* checkpoint();
    yield* checkpoint();
    yield* runHook(hook);
  }
}

export function* runHook(hook: (() => Operation<void>) | undefined): Operation<void> {
  if (hook !== undefined) yield* callStructured(hook, [], "run a hook of a memory stream");
}
