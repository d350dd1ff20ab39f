import { cancelShieldedCheckpoint, type Operation } from "@trestle/structured";
import type { LoopBlock } from "./loop-block.js";
import type { StructuredEventLoop } from "./structured-event-loop.js";

/** The running of a loop from its start to its stop. A stop by hand does not count during the shutdown, which needs the loop. */
export class LoopRun {
  readonly #loop: StructuredEventLoop;
  readonly #block: LoopBlock;
  #isNeeded = false;

  constructor(loop: StructuredEventLoop, block: LoopBlock) {
    this.#loop = loop;
    this.#block = block;
  }

  start(): void {
    void this.#run();
  }

  /** From now on the loop runs until `end`, whoever stops it. */
  keepUp(): void {
    this.#isNeeded = true;
    if (!this.#loop.isRunning() && !this.#loop.isClosed()) this.start();
  }

  /** Stops the loop, and waits until it has stopped. */
  *end(): Operation<void> {
    this.#isNeeded = false;
    this.#loop.stop();
    while (this.#loop.isRunning()) yield* cancelShieldedCheckpoint();
  }

  async #run(): Promise<void> {
    do {
      try {
        await this.#loop.runForever();
      } catch (error) {
        this.#block.terminate(error);
      }
    } while (this.#isNeeded && !this.#loop.isRunning() && !this.#loop.isClosed());
  }
}
