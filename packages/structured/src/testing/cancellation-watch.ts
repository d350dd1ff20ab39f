import { ArgumentError, describe } from "@trestle/host";
import type { Nursery } from "../nursery.js";

/** A lock, a limiter or a semaphore: anything that tells how much of it is taken. */
export type Takeable =
  | { readonly locked: boolean }
  | { readonly borrowedTokens: number }
  | { readonly value: number };

/** Something that an operation has left behind. */
export interface Leftover {
  readonly kind: "alive" | "open" | "locked";
  readonly name: string;
}

/** What an operation shows to `cancelAtEachCheckpoint`, for it to be looked at when the operation has ended. */
export interface CancellationWatch {
  /** A nursery around the operation, which is not cancelled with it: for what takes one to start background tasks in. */
  readonly nursery: Nursery;
  /**
   * Has a resource looked at.
   *
   * @param name says which in the report
   * @param isOpen tells whether it is still open
   */
  resource(name: string, isOpen: () => boolean): void;
  /**
   * Has a lock, limiter or semaphore looked at, and gives it back: it must not be held any more.
   *
   * @param name says which in the report
   * @throws ArgumentError for what is none of these
   */
  lock<L extends Takeable>(name: string, lock: L): L;
}

interface Kept {
  readonly kind: "open" | "locked";
  readonly name: string;
  readonly isLeft: () => boolean;
}

/** The list of what one run of an operation has shown. */
export class Belongings implements CancellationWatch {
  readonly nursery: Nursery;
  readonly #kept: Kept[] = [];

  constructor(nursery: Nursery) {
    this.nursery = nursery;
  }

  resource(name: string, isOpen: () => boolean): void {
    if (typeof isOpen !== "function") {
      throw new ArgumentError(
        `Cannot watch the resource '${name}': ${describe(isOpen)} does not tell whether it is open.\n` +
          "Give a function: '() => file.isOpen'.",
      );
    }
    this.#kept.push({ kind: "open", name, isLeft: isOpen });
  }

  lock<L extends Takeable>(name: string, lock: L): L {
    this.#kept.push({ kind: "locked", name, isLeft: takenTest(name, lock) });
    return lock;
  }

  /** What is left now. */
  leftovers(): Leftover[] {
    const tasks = this.nursery.childTasks.map(({ name }) => ({ kind: "alive", name }) as const);
    const kept = this.#kept.filter(({ isLeft }) => isLeft());
    return [...tasks, ...kept.map(({ kind, name }) => ({ kind, name }))];
  }
}

function takenTest(name: string, lock: Takeable): () => boolean {
  if (typeof lock === "object" && lock !== null) {
    if ("locked" in lock) return () => lock.locked;
    if ("borrowedTokens" in lock) return () => lock.borrowedTokens > 0;
    if ("value" in lock) {
      const atFirst = lock.value;
      return () => lock.value < atFirst;
    }
  }
  throw new ArgumentError(
    `Cannot watch the lock '${name}': ${describe(lock)} is no lock.\n` +
      "Give a Lock, a CapacityLimiter or a Semaphore; for anything else call 'resource'.",
  );
}
