// What runs in one iteration. Two of them change places for ever, so they keep their room; one that had to grow very large
// gives it back.
import type { Ready } from "./ready.js";

const LARGE = 1024;

/** A list that is filled, and then emptied from the front. */
export class Batch {
  #items: (Ready | undefined)[] = [];
  #added = 0;
  #taken = 0;

  get isEmpty(): boolean {
    return this.#taken === this.#added;
  }

  add(ready: Ready): void {
    this.#items[this.#added++] = ready;
  }

  /** The next one; undefined when the list is empty. */
  take(): Ready | undefined {
    if (this.#taken === this.#added) {
      this.#reset();
      return undefined;
    }
    const ready = this.#items[this.#taken];
    this.#items[this.#taken++] = undefined;
    return ready;
  }

  #reset(): void {
    if (this.#added > LARGE) this.#items = [];
    this.#added = 0;
    this.#taken = 0;
  }
}
