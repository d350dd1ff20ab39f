import { nanoseconds } from "./stopwatch.js";

/**
 * Takes the time of many tasks as a whole: from the moment when the last one has started to the moment when the last one is
 * through, so that neither starting nor ending them is in it.
 */
export class Field {
  readonly #tasks: number;
  #entered = 0;
  #left = 0;
  #start = 0;
  #end = 0;

  constructor(tasks: number) {
    this.#tasks = tasks;
  }

  /** A task is about to do its work. */
  enter(): void {
    if (++this.#entered === this.#tasks) this.#start = nanoseconds();
  }

  /** A task has done its work. @throws Error where some tasks have not even begun */
  leave(): void {
    if (this.#entered !== this.#tasks) {
      throw new Error("Cannot take the time: a task was through before all had started.");
    }
    if (++this.#left === this.#tasks) this.#end = nanoseconds();
  }

  /** The time in nanoseconds. @throws Error where some tasks are not through */
  get elapsed(): number {
    if (this.#left !== this.#tasks) {
      throw new Error(`Cannot tell the time: ${this.#left} of ${this.#tasks} tasks are through.`);
    }
    return this.#end - this.#start;
  }
}
