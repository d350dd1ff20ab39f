import { worstLag } from "./worst-lag.js";

/**
 * Tells how late the platform's timer rings while tasks keep the thread busy. It starts when the last task has entered, and
 * is over a while later; how late is only known after that, for a program that starves the timer lets it ring at last.
 */
export class LagMeter {
  readonly #tasks: number;
  readonly #duration: number;
  #entered = 0;
  #end = Number.POSITIVE_INFINITY;
  #worst: Promise<number> = Promise.resolve(0);

  /**
   * @param tasks how many tasks keep the thread busy
   * @param duration how long, in milliseconds
   */
  constructor(tasks: number, duration: number) {
    this.#tasks = tasks;
    this.#duration = duration;
  }

  /** A task begins. */
  enter(): void {
    if (++this.#entered < this.#tasks) return;
    this.#end = performance.now() + this.#duration;
    this.#worst = worstLag(() => this.isOver());
  }

  /** Whether tasks may stop. */
  isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /** The longest lag of a timer of 10 ms, in milliseconds. */
  worst(): Promise<number> {
    return this.#worst;
  }
}
