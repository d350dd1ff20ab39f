import { checkpoint } from "../checkpoint.js";
import type { Operation } from "../operation.js";
import { ByteQueue } from "../streams/byte-queue.js";
import { requireBytes, requireMaxBytes } from "../streams/bytes.js";
import { ConflictDetector } from "../streams/conflict-detector.js";
import { Event } from "../sync/event.js";
import { ClosedResourceError, WouldBlock } from "../sync/resource-errors.js";

/** The bytes inside of a memory stream, without a bound. Closed, it gives what is in it, and then no bytes for ever. */
export class MemoryStreamQueue {
  readonly #bytes = new ByteQueue();
  readonly #conflicts: ConflictDetector;
  readonly #putting: string;
  #isClosed = false;
  #changed = new Event();

  constructor(putting: string, getting: string) {
    this.#putting = putting;
    this.#conflicts = new ConflictDetector(getting);
  }

  put(data: Uint8Array): void {
    requireBytes(data, this.#putting);
    if (this.#isClosed) throw new ClosedResourceError(`${this.#putting} bytes`);
    this.#bytes.push(data);
    this.#change();
  }

  close(): void {
    this.#isClosed = true;
    this.#change();
  }

  closeAndWipe(): void {
    this.#bytes.clear();
    this.close();
  }

  getNowait(maxBytes: number | undefined): Uint8Array {
    requireMaxBytes(maxBytes);
    if (!this.#isReady) throw new WouldBlock("get data");
    return this.#bytes.take(maxBytes);
  }

  *get(maxBytes: number | undefined): Operation<Uint8Array> {
    requireMaxBytes(maxBytes);
    this.#conflicts.enter();
    try {
      yield* checkpoint();
      while (!this.#isReady) yield* this.#changed.wait();
      return this.#bytes.take(maxBytes);
    } finally {
      this.#conflicts.leave();
    }
  }

  get #isReady(): boolean {
    return this.#isClosed || this.#bytes.size > 0;
  }

  #change(): void {
    const changed = this.#changed;
    this.#changed = new Event();
    changed.set();
  }
}
