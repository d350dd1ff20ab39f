import { refuseAwait, type Operation, type OperationIterator } from "./operation.js";

/**
 * Makes an operation of a generator, to be begun when it is run. An `await` of it throws WrongFlavorError: one of the generator
 * itself would go on at once, with nothing done.
 *
 * Source: ours. Flavor: structured. It waits for nothing and throws nothing.
 *
 * @param start gives the operation; called for each run
 * @example
 * ```ts
 * import { sleep, type Operation } from "@trestle/structured";
 * import { refusingAwait } from "@trestle/structured/lowlevel";
 *
 * function twice(ms: number): Operation<void> {
 *   return refusingAwait(function* () {
 *     yield* sleep(ms);
 *     yield* sleep(ms);
 *   });
 * }
 * ```
 */
export function refusingAwait<T>(start: () => Operation<T>): Operation<T> {
  return new RefusingOperation(start);
}

class RefusingOperation<T> implements Operation<T> {
  readonly #start: () => Operation<T>;

  constructor(start: () => Operation<T>) {
    this.#start = start;
  }

  [Symbol.iterator](): OperationIterator<T> {
    return this.#start()[Symbol.iterator]();
  }

  then(_resolve: unknown, reject?: (reason: unknown) => void): void {
    refuseAwait(reject);
  }
}
