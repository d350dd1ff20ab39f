export const NAP = 10;

/** Tells how late a task goes on that sleeps for 10 ms again and again. */
export class NapMeter {
  readonly #now: () => number;
  #due = 0;
  #worst = 0;

  /** @param now tells the time in milliseconds */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** The task is about to sleep for NAP. */
  begin(): void {
    this.#due = this.#now() + NAP;
  }

  /** The task goes on. */
  end(): void {
    this.#worst = Math.max(this.#worst, this.#now() - this.#due);
  }

  /** The longest delay, in milliseconds. */
  get worst(): number {
    return this.#worst;
  }
}
