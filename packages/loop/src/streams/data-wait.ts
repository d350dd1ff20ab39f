// What a reader waits with, and how it holds back the other side. One task waits at a time.
import { endOnAbort, endWithReason } from "../end-on-abort.js";
import type { EventLoop } from "../event-loop.js";
import type { Future } from "../future.js";
import { InvalidStateError } from "../invalid-state-error.js";
import type { SignalOption } from "../signal-option.js";
import { outsideFuture } from "./outside-future.js";

/** Where a reader's bytes come from. */
export interface ReadSource {
  /** What it gives, for reports: "data from 127.0.0.1:80". */
  readonly description: string;
  pauseReading(): void;
  resumeReading(): void;
}

/** The wait for more data. */
export class DataWait {
  readonly #loop: EventLoop;
  #future: Future<void> | undefined;
  #source: ReadSource | undefined;
  #isPaused = false;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  set source(source: ReadSource) {
    this.#source = source;
  }

  /** Waits until something has come, or the end. */
  async wait(options: SignalOption): Promise<void> {
    if (this.#future !== undefined) {
      throw new InvalidStateError(
        "Cannot read from a stream: another task waits for its data already.\nRead in one task, or hold a Lock around each read.",
      );
    }
    // Somebody wants more than there is room for.
    this.resume();
    const future = this.#newFuture(options);
    this.#future = future;
    try {
      await future;
    } finally {
      if (this.#future === future) this.#future = undefined;
    }
  }

  wake(): void {
    const future = this.#future;
    this.#future = undefined;
    if (future?.done() === false) future.setResult();
  }

  fail(error: unknown): void {
    const future = this.#future;
    this.#future = undefined;
    if (future?.done() === false) future.setException(error);
  }

  pause(): void {
    if (this.#isPaused || this.#source === undefined) return;
    this.#isPaused = true;
    this.#source.pauseReading();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#source?.resumeReading();
  }

  #newFuture(options: SignalOption): Future<void> {
    const source = this.#source;
    if (source !== undefined) return outsideFuture(this.#loop, source.description, options);
    // Who feeds the reader may be of the loop's own: nothing is held.
    const future = this.#loop.createFuture<void>("data of a stream");
    endOnAbort(future, options, (reason) => endWithReason(future, reason));
    return future;
  }
}
