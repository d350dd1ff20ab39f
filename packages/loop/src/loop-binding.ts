import type { EventLoop } from "./event-loop.js";
import { WrongLoopError } from "./wrong-loop-error.js";

const advice = "Make one for each loop, in a function that the loop runs.";

/** The loop of something that tasks wait at: that of the first wait, for good. */
export class LoopBinding {
  #loop: EventLoop | undefined;

  /** Binds to a loop; throws WrongLoopError, which names the action, where that is not the one of before. */
  bind(loop: EventLoop, action: string): void {
    this.#loop ??= loop;
    if (this.#loop !== loop) throw new WrongLoopError(action, advice);
  }
}
