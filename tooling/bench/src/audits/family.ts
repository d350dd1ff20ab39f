import type { Audit } from "../audit.js";
import { plantedIn, PlantedError } from "./planted-error.js";

export const CHILDREN = 100;

/** What the children of one parent did; made anew for each audit. */
export class Family {
  #alive = 0;
  #thrown = 0;

  born(): void {
    this.#alive++;
  }

  ended(child: number): void {
    this.#alive--;
    if (child % 10 === 5) throw this.#error(child);
  }

  failed(): PlantedError {
    this.#alive--;
    return this.#error(0);
  }

  #error(child: number): PlantedError {
    this.#thrown++;
    return new PlantedError(child);
  }

  /** The parent is told that all is over. `rest` waits for those that are not, so that they too can throw. */
  async audit(told: unknown, rest?: () => Promise<unknown>): Promise<Audit> {
    const leaked = this.#alive;
    await rest?.();
    return { leaked, lost: this.#thrown - plantedIn(told) };
  }
}

/** What the parent was told; undefined where it was told of no error. */
export async function errorOf(parent: PromiseLike<unknown>): Promise<unknown> {
  try {
    await parent;
    return undefined;
  } catch (error) {
    return error;
  }
}
