import { fromPromise, type Operation } from "@trestle/structured";
import type { LoopBlock } from "./loop-block.js";
import type { StructuredEventLoop } from "./structured-event-loop.js";

/** The running of a loop from its start to its stop; a loop that was stopped by hand is started again for its shutdown. */
export class LoopRun {
  readonly #loop: StructuredEventLoop;
  readonly #block: LoopBlock;
  #promise: Promise<void> = Promise.resolve();

  constructor(loop: StructuredEventLoop, block: LoopBlock) {
    this.#loop = loop;
    this.#block = block;
  }

  start(): void {
    this.#promise = this.#loop.runForever().catch((error: unknown) => this.#block.terminate(error));
  }

  /** Waits until the loop has stopped. */
  ended(): Operation<void> {
    return fromPromise(this.#promise);
  }
}
