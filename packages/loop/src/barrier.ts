// A barrier is a condition, a count and a state:
//
// | the barrier is | when                                         | who comes             |
// | -------------- | -------------------------------------------- | --------------------- |
// | filling        | not all are there                            | waits for the others  |
// | draining       | all were there, and some have not gone on    | waits until it fills  |
// | resetting      | it was reset, and some have not gone on      | waits until it fills  |
// | broken         | it was aborted                               | fails                 |
//
// The last one who goes makes one that drains or is being reset fill again.
import { checkCount } from "./check-count.js";
import { BrokenBarrierError } from "./broken-barrier-error.js";
import { Condition, type ConditionOptions } from "./condition.js";
import type { SignalOption } from "./signal-option.js";

/**
 * A point that a number of tasks must have reached before any of them goes on; then it can be used again.
 *
 * A task that is cancelled while it waits is not counted, and does not break the barrier.
 *
 * Source: asyncio; `signal` is ours. Flavor: loop.
 *
 * @example
 * ```ts
 * import { Barrier, createTask, run, sleep } from "@trestle/loop";
 *
 * await run(async () => {
 *   const both = new Barrier(2);
 *   const other = createTask(async () => {
 *     await sleep(10);
 *     await both.wait();
 *   });
 *   const position = await both.wait(); // 0, after 10 ms: the first to come
 *   await other;
 * });
 * ```
 */
export class Barrier {
  readonly #condition = new Condition();
  readonly #parties: number;
  #state: "filling" | "draining" | "resetting" | "broken" = "filling";
  /** Those who are inside: they wait, or have not gone on. */
  #count = 0;

  /**
   * @param parties how many must be there, a whole number, 1 or more
   * @throws ArgumentError
   */
  constructor(parties: number) {
    this.#parties = checkCount(parties, 1, "make a barrier for");
  }

  /** How many must be there. */
  get parties(): number {
    return this.#parties;
  }

  /** How many wait for the others. */
  get nWaiting(): number {
    return this.#state === "filling" ? this.#count : 0;
  }

  /** Whether it was aborted. */
  get broken(): boolean {
    return this.#state === "broken";
  }

  /**
   * Waits until all are there. Cancelling the task ends the wait.
   *
   * @returns a number for each of them, from 0 in the order of their coming; one can be told to do what is to be done once
   * @throws BrokenBarrierError where the barrier is aborted, or is reset meanwhile; the reason of `signal`; NoLoopError;
   * WrongLoopError; ArgumentError
   */
  async wait({ signal }: SignalOption = {}): Promise<number> {
    const options = { signal, description: `a barrier of ${this.#parties}` };
    return this.#condition.hold(() => this.#pass(options), options);
  }

  /**
   * Makes the barrier empty, and no longer broken. Those who wait get a BrokenBarrierError. Waits for the barrier's lock, which is
   * short.
   */
  async reset(): Promise<void> {
    await this.#condition.hold(async () => {
      this.#state = this.#count > 0 ? "resetting" : "filling";
      this.#condition.notifyAll();
    });
  }

  /**
   * Breaks the barrier: those who wait, and all who come until it is reset, get a BrokenBarrierError. Waits for the barrier's lock,
   * which is short.
   */
  async abort(): Promise<void> {
    await this.#condition.hold(async () => {
      this.#state = "broken";
      this.#condition.notifyAll();
    });
  }

  async #pass(options: ConditionOptions): Promise<number> {
    await this.#condition.waitFor(() => this.#isOpen(), options);
    if (this.#state === "broken") throw new BrokenBarrierError("aborted");
    const index = this.#count++;
    try {
      if (index + 1 === this.#parties) this.#letGo();
      else await this.#waitForOthers(options);
      return index;
    } finally {
      this.#count--;
      if (this.#count === 0) this.#drained();
    }
  }

  #isOpen(): boolean {
    return this.#state === "filling" || this.#state === "broken";
  }

  #letGo(): void {
    this.#state = "draining";
    this.#condition.notifyAll();
  }

  async #waitForOthers(options: ConditionOptions): Promise<void> {
    await this.#condition.waitFor(() => this.#state !== "filling", options);
    if (this.#state === "broken") throw new BrokenBarrierError("aborted");
    if (this.#state === "resetting") throw new BrokenBarrierError("reset");
  }

  /** Those who wait until the barrier fills again may go in. */
  #drained(): void {
    if (!this.#isOpen()) this.#state = "filling";
    // Where its loop has been closed, it was not possible to take the lock again.
    if (this.#condition.locked()) this.#condition.notifyAll();
  }
}
