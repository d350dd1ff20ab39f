// Blocks of several tasks in a fixed order. Each position has its turn when the block before it has ended; one that was
// claimed and gave up takes all later ones with it, which would wait for ever.
import { ArgumentError, describe, success, TrestleError, type Outcome } from "@trestle/host";
import { checkpointIfCancelled } from "../checkpoint.js";
import { callStructured } from "../operation-of.js";
import type { Operation, StructuredFunction } from "../operation.js";
import { suspend } from "../suspend.js";

/** A position of a Sequencer was taken twice, or a task that waited for its turn was cancelled and broke the order. */
export class SequencerError extends TrestleError {
  static override readonly code = "TRESTLE_SEQUENCER";

  constructor(position: number, why: string) {
    super(
      "SequencerError",
      new.target.code,
      `Cannot take position ${position} of the sequence: ${why}.`,
    );
  }
}

const TAKEN = "it has been taken already.\nGive each block a number of its own";

function broken(position: number): string {
  return `the task at position ${position} was cancelled before its turn, so it will never pass it on.\nMake a new Sequencer`;
}

/**
 * Runs blocks of several tasks in the order of their numbers: 0, 1, 2, and so on.
 *
 * Source: Trio. Flavor: structured.
 *
 * @example
 * ```ts
 * import { openNursery, run } from "@trestle/structured";
 * import { Sequencer } from "@trestle/structured/testing";
 *
 * const sequence = new Sequencer();
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     nursery.startSoon(function* () {
 *       yield* sequence.at(1, function* () {
 *         console.log("second");
 *       });
 *     });
 *     yield* sequence.at(0, function* () {
 *       console.log("first");
 *     });
 *   }),
 * );
 * ```
 */
export class Sequencer {
  readonly #claimed = new Set<number>();
  /** The positions whose turn has come. */
  readonly #open = new Set([0]);
  readonly #waiting = new Map<number, (outcome: Outcome<void>) => void>();
  #brokenBy: number | undefined;

  /**
   * Runs the body when the block at the position before has ended, however it ended; position 0 at once. Gives what the body
   * gives. Waits for its turn and for the body. A task that is cancelled before its turn breaks the sequence: all others that
   * wait, or come later, get a SequencerError.
   *
   * @param position a whole number, 0 or more
   * @throws SequencerError where the position was taken before, or the sequence is broken; whatever the body throws
   */
  at<A extends unknown[], T>(
    position: number,
    body: StructuredFunction<A, T>,
    ...args: A
  ): Operation<T> {
    if (!Number.isInteger(position) || position < 0) {
      throw new ArgumentError(
        `Cannot take position ${describe(position)} of a sequence: a whole number, 0 or more, is wanted.`,
      );
    }
    return this.#block(position, body, args);
  }

  *#block<A extends unknown[], T>(
    position: number,
    body: StructuredFunction<A, T>,
    args: A,
  ): Operation<T> {
    if (this.#claimed.has(position)) throw new SequencerError(position, TAKEN);
    this.#refuseBroken(position);
    this.#claimed.add(position);
    try {
      yield* checkpointIfCancelled();
      yield* this.#turn(position);
    } catch (error) {
      this.#break(position);
      throw error;
    }
    this.#refuseBroken(position);
    try {
      return yield* callStructured(body, args, "run a block of a sequence");
    } finally {
      this.#pass(position + 1);
    }
  }

  #turn(position: number): Operation<void> {
    return suspend<void>((resume) => {
      if (this.#open.has(position)) resume(success());
      else this.#waiting.set(position, resume);
      return () => {
        this.#waiting.delete(position);
        return "withdrawn";
      };
    }, `its turn, which is number ${position} of a sequence`);
  }

  #pass(position: number): void {
    this.#open.add(position);
    const resume = this.#waiting.get(position);
    this.#waiting.delete(position);
    resume?.(success());
  }

  #refuseBroken(position: number): void {
    if (this.#brokenBy !== undefined) throw new SequencerError(position, broken(this.#brokenBy));
  }

  #break(position: number): void {
    if (this.#brokenBy !== undefined) return;
    this.#brokenBy = position;
    const resumes = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const resume of resumes) resume(success());
  }
}
