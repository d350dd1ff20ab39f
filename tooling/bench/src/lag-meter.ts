const INTERVAL = 10;

/**
 * Tells how late the platform's timer rings while tasks keep the thread busy. It starts when the last task has entered, and
 * is over a while later; how late is only known after that, for a program that starves the timer lets it ring at last.
 */
export class LagMeter {
  readonly #tasks: number;
  readonly #duration: number;
  #entered = 0;
  #end = Number.POSITIVE_INFINITY;
  #worst = 0;
  #rung: Promise<void> = Promise.resolve();

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
    this.#rung = new Promise((resolve) => this.#ring(resolve));
  }

  /** Whether tasks may stop. */
  isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /** The longest lag of a timer of 10 ms, in milliseconds. */
  async worst(): Promise<number> {
    await this.#rung;
    return this.#worst;
  }

  #ring(resolve: () => void): void {
    const due = performance.now() + INTERVAL;
    setTimeout(() => {
      this.#worst = Math.max(this.#worst, performance.now() - due);
      if (this.isOver()) resolve();
      else this.#ring(resolve);
    }, INTERVAL);
  }
}
