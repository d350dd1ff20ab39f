import { EventLoop } from "@trestle/loop";
import { cancelShieldedCheckpoint, type Operation } from "@trestle/structured";
import type { LoopBlock } from "./loop-block.js";

// Those that a hosted loop shows to its users stop it later, and do not run it at all.
const inner = EventLoop.prototype;

/** The running of a loop from its start to its stop. A stop by hand does not count during the shutdown, which needs the loop. */
export class LoopRun {
  readonly #loop: EventLoop;
  readonly #block: LoopBlock;
  #isNeeded = false;

  constructor(loop: EventLoop, block: LoopBlock) {
    this.#loop = loop;
    this.#block = block;
  }

  start(): void {
    void this.#run();
  }

  /** From now on the loop runs until `end`, whoever stops it. */
  keepUp(): void {
    this.#isNeeded = true;
    this.#block.stop.keepUp();
    if (!this.#loop.isRunning() && !this.#loop.isClosed()) this.start();
  }

  /** Stops the loop, and waits until it has stopped. */
  *end(): Operation<void> {
    this.#isNeeded = false;
    inner.stop.call(this.#loop);
    while (this.#loop.isRunning()) yield* cancelShieldedCheckpoint();
    this.#block.stop.reached();
  }

  async #run(): Promise<void> {
    do {
      try {
        await inner.runForever.call(this.#loop);
      } catch (error) {
        this.#block.terminate(error);
      }
      if (!this.#isNeeded) this.#block.stop.reached();
    } while (this.#isNeeded && !this.#loop.isRunning() && !this.#loop.isClosed());
  }
}
