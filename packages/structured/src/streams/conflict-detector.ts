import { callStructured } from "../operation-of.js";
import type { Operation } from "../operation.js";
import { BusyResourceError } from "../sync/resource-errors.js";

/** Keeps two tasks from doing the same thing at once: the second one is told so, instead of both getting half of it. */
export class ConflictDetector {
  readonly #action: string;
  #isBusy = false;

  /** @param action what only one task may do at a time, for the error: "send into a stream" */
  constructor(action: string) {
    this.#action = action;
  }

  /** Runs a body that no other may run beside. @throws BusyResourceError at once where one does */
  *during<T>(body: () => Operation<T>): Operation<T> {
    this.enter();
    try {
      return yield* callStructured(body, [], this.#action);
    } finally {
      this.leave();
    }
  }

  /** Begins what only one may do. @throws BusyResourceError where it has begun already */
  enter(): void {
    if (this.#isBusy) throw new BusyResourceError(this.#action);
    this.#isBusy = true;
  }

  /** Ends it. */
  leave(): void {
    this.#isBusy = false;
  }
}
