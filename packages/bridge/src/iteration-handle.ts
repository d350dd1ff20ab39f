import type { Operation } from "@trestle/structured";
import type { IteratorHost } from "./iterator-host.js";

/**
 * An async iterator of loop code, step by step, in structured code: what `open` of an iteration gives its body. Each step waits
 * for the iterator, in the loop; a cancellation is thrown into it, and waited for.
 *
 * Steps of several tasks are taken one after another. Source: JavaScript's async iterators. Flavor: structured.
 *
 * @example
 * ```ts
 * import { asStructured, run } from "@trestle/bridge";
 *
 * const count = asStructured(async function* (to: number) {
 *   for (let n = 1; n <= to; n++) yield n;
 *   return "counted";
 * });
 *
 * await run(() =>
 *   count(3).open(function* (numbers) {
 *     const first = yield* numbers.next();
 *     if (!first.done) console.log(first.value); // 1
 *   }),
 * );
 * ```
 */
export class IterationHandle<T, R = unknown, N = unknown> {
  readonly #host: IteratorHost<T, R, N>;

  /** @internal */
  constructor(host: IteratorHost<unknown, unknown, unknown>) {
    this.#host = host as IteratorHost<T, R, N>;
  }

  /**
   * Gives the next item, or the end.
   *
   * @param args a value for the generator's `yield` to give
   * @throws what the iterator throws; ClosedResourceError after the block
   */
  next(...args: [] | [value: N]): Operation<IteratorResult<T, R>> {
    return this.#host.next(args);
  }

  /** Ends the iterator, as `return` does in a generator, at the `yield` where it is. It may give an item all the same. */
  return(value: R): Operation<IteratorResult<T, R>> {
    return this.#host.return(value);
  }

  /** Throws an error into the iterator, at the `yield` where it is. One without `throw` is closed, and the error comes back. */
  throw(error: unknown): Operation<IteratorResult<T, R>> {
    return this.#host.throw(error);
  }

  /** Closes the iterator, unless it has come to its end, and ends its task. The block does it. */
  aclose(): Operation<void> {
    return this.#host.close();
  }
}
