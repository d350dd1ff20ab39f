// What a loop and the block of `openLoop` around it know of each other: the nursery for structured calls, how many of these
// are alive, and the errors that have nobody else to see them.
import { success, type Outcome } from "@trestle/host";
import type { Nursery, Operation } from "@trestle/structured";
import { suspend } from "@trestle/structured/lowlevel";

type Resume = (outcome: Outcome<void>) => void;

export class LoopBlock {
  /** Where structured calls run, once the block is set up. */
  nursery: Nursery | undefined;
  /** The nursery around the body: cancelling it ends the body. */
  outer: Nursery | undefined;
  /** The errors of the background, in the order of their coming. */
  readonly errors: unknown[] = [];
  #calls = 0;
  #shutdown: Resume | undefined;
  #keeper: Resume | undefined;

  /** Ends the block with an error. */
  terminate(error: unknown): void {
    this.errors.push(error);
    this.outer?.cancelScope.cancel(error);
  }

  /** How many structured calls are queued or run. */
  get calls(): number {
    return this.#calls;
  }

  callBegan(): void {
    this.#calls++;
  }

  callEnded(): void {
    this.#calls--;
    this.changed();
  }

  /** Something ended that a shutdown may wait for. */
  changed(): void {
    const resume = this.#shutdown;
    this.#shutdown = undefined;
    resume?.(success());
  }

  /** Waits for the next change. It is for the one who shuts down; nothing cancels it. */
  nextChange(): Operation<void> {
    return suspend<void>((resume) => {
      this.#shutdown = resume;
      return () => "committed";
    }, "the end of what runs in its loop");
  }

  /** Waits until the loop has closed. It is for the one who keeps the nursery open; nothing cancels it. */
  closing(): Operation<void> {
    return suspend<void>((resume) => {
      this.#keeper = resume;
      return () => "committed";
    }, "the end of the block of openLoop");
  }

  /** The loop has closed. */
  closed(): void {
    this.#keeper?.(success());
  }
}
