import { ArgumentError, describe, TrestleError, WrongFlavorError } from "@trestle/host";

/** A test failed with one of the seeds that it was run under. The test's own error is the cause. */
export class SeedError extends TrestleError {
  static override readonly code = "TRESTLE_SEED";
  /** The seed that it failed with. */
  readonly seed: number;

  constructor(seed: number, cause: unknown) {
    super(
      "SeedError",
      new.target.code,
      `Cannot pass with the seed ${seed}: ${describe(cause)}\nRun it with that one again: 'run(main, { seed: ${seed} })'.`,
      { cause },
    );
    this.seed = seed;
  }
}

/**
 * Runs a test once with each seed, one after another, and says with which it failed. With a seed the scheduler shuffles the
 * tasks of each round, in the same way each time: a program that passes with many depends on no order.
 *
 * It waits for the test each time, and stops at the first failure. Source: ours. Flavor: promise code, as a test is; the test
 * gives the seed to `run`.
 *
 * @param seeds how many (from 0 on), or which
 * @param test called with a seed; makes a run of its own with it
 * @throws SeedError with the test's error as its cause; ArgumentError where there are no seeds
 * @example
 * ```ts
 * import { checkpoint, run } from "@trestle/structured";
 * import { underSeeds } from "@trestle/structured/testing";
 *
 * await underSeeds(100, (seed) => run(() => checkpoint(), { seed }));
 * ```
 */
export async function underSeeds(
  seeds: number | Iterable<number>,
  test: (seed: number) => unknown,
): Promise<void> {
  let isOperation = false;
  for (const seed of listOf(seeds)) {
    try {
      const result = test(seed);
      isOperation = looksLikeOperation(result);
      // oxlint-disable-next-line no-await-in-loop -- one after another: side by side they would share the platform's turns
      if (!isOperation) await result;
    } catch (error) {
      throw new SeedError(seed, error);
    }
    if (isOperation) throw notRun();
  }
}

function listOf(seeds: number | Iterable<number>): readonly number[] {
  if (typeof seeds === "number") {
    if (Number.isInteger(seeds) && seeds > 0) return Array.from({ length: seeds }, (_, i) => i);
  } else if (typeof seeds === "object" && seeds !== null && Symbol.iterator in seeds) {
    const list = [...seeds];
    const wrong = list.find((seed) => !Number.isInteger(seed));
    if (wrong !== undefined) throw noSeeds(wrong);
    if (list.length > 0) return list;
  }
  throw noSeeds(seeds);
}

function noSeeds(seeds: unknown): ArgumentError {
  return new ArgumentError(
    `Cannot run under the seeds ${describe(seeds)}: nothing would be tested.\n` +
      "Give how many, 1 or more, or a list of whole numbers.",
  );
}

function looksLikeOperation(value: unknown): boolean {
  return typeof value === "object" && value !== null && "next" in value;
}

function notRun(): WrongFlavorError {
  return new WrongFlavorError(
    "Cannot run a test under seeds: it returned an operation, which nobody has run.\n" +
      "Run it in the test: '(seed) => run(main, { seed })'.",
  );
}
