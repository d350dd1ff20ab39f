// What is to end with a loop, and is nobody's else to end: child processes, whatever a layer has under way.
import type { Release } from "@trestle/host";
import type { ExceptionContext } from "./exception-context.js";
import { checkLoopFunction, type LoopFunction } from "./loop-function.js";

interface Entry {
  readonly end: LoopFunction<[], void>;
}

/** The ends of what ends with a loop. */
export class LoopEnds {
  readonly #entries = new Set<Entry>();

  /** Adds one, until that is taken back. Throws WrongFlavorError for what is no function that can be awaited. */
  add(end: LoopFunction<[], void>): Release {
    checkLoopFunction(end, "have something end with the event loop");
    const entry = { end };
    this.#entries.add(entry);
    return () => void this.#entries.delete(entry);
  }

  /** Calls all, one after another, and waits for each; tells of those that fail. */
  async endAll(tell: (context: ExceptionContext) => void): Promise<void> {
    for (const entry of this.#entries) {
      this.#entries.delete(entry);
      try {
        await entry.end();
      } catch (exception) {
        tell({ message: "What was to end with the event loop failed", exception });
      }
    }
  }
}
