import { firstDifference } from "./difference.js";
import { runProgram } from "./run-program.js";
import type { Vector } from "./vector.js";

/** How a vector is run: in first-in-first-out order when the seed is undefined, else with each batch shuffled by it. */
export type Seed = number | undefined;

/** A vector whose program did something else than it must. */
export interface Mismatch {
  readonly id: string;
  readonly difference: string;
}

/**
 * Runs the vector with one seed after another up to the first run that differs; undefined when none does.
 *
 * @param seeds loop programs ignore them: the loop's order is first in, first out, by promise
 */
export async function checkVector(
  vector: Vector,
  seeds: readonly Seed[],
): Promise<Mismatch | undefined> {
  const { id, program, expect } = vector;
  for (const seed of program.flavor === "loop" ? [undefined] : seeds) {
    const result = await runProgram(program, seed === undefined ? {} : { seed });
    const difference = firstDifference(expect, result);
    if (difference)
      return { id, difference: seed === undefined ? difference : `seed ${seed}: ${difference}` };
  }
  return undefined;
}
