import { ArgumentError, describe } from "@trestle/host";
import { settled } from "./abortable.js";
import { isCancelled } from "../cancelled.js";
import { CancelScope } from "../cancel-scope.js";
import { checkpoint, checkpointIfCancelled } from "../checkpoint.js";
import { fromPromise } from "./from-promise.js";
import { callStructured } from "../operation-of.js";
import type { Operation } from "../operation.js";
import { suppress } from "./suppress.js";
import { refusingAwait } from "../refusing-await.js";

/** What `eachOf` goes through: an iterable of either kind, or a function that starts one. */
export type Items<T> =
  | AsyncIterable<T>
  | Iterable<T>
  | ((signal: AbortSignal) => AsyncIterable<T> | Iterable<T>);

/**
 * Runs a body for each item of an async iterable, or of an ordinary one, one after another.
 *
 * Waits for items and bodies; each item takes a checkpoint. Where the loop ends early, by an error of the body or a cancellation
 * in it, the iterator's `return()` is called and waited for, shielded: the `finally` blocks of an async generator have run.
 *
 * A cancellation may also come while the next item is awaited. An async generator cannot be interrupted there, nor could
 * its `return()`. So an iterable that you hand over is let go: `return()` is called, and the task is cancelled at once; what
 * the iterator does later is not looked at. Give a function instead, and what it starts is yours and waited for:
 * the cancellation aborts its signal, `return()` is called, and both the item and that are waited for, however long they take.
 * An item that comes all the same gets its body. The signal is aborted whenever the loop ends early.
 *
 * With an error of the body, an error of `return()` is added to its `suppressed`. An iterator whose `next()` has failed is over,
 * and not closed. The items of an ordinary iterable are given as they are, also promises. Source: JavaScript's `for await`,
 * and Trio's `as_safe_channel`. Flavor: structured.
 *
 * @param items an iterable; or a function that gets an AbortSignal and returns one, such as an async generator function
 * @param body receives each item
 * @throws whatever `next()`, the body or `return()` throw; ArgumentError for what is not iterable
 * @example
 * ```ts
 * import { eachOf, moveOnAfter, run } from "@trestle/structured";
 * import { setInterval } from "node:timers/promises";
 *
 * await run(() =>
 *   moveOnAfter(25, () =>
 *     eachOf(
 *       (signal) => setInterval(10, "tick", { signal }),
 *       function* (tick) {
 *         console.log(tick);
 *       },
 *     ),
 *   ),
 * );
 * ```
 */
export function eachOf<T>(items: Items<T>, body: (item: T) => Operation<unknown>): Operation<void> {
  return refusingAwait(() => goThrough(items, body));
}

function* goThrough<T>(items: Items<T>, body: (item: T) => Operation<unknown>): Operation<void> {
  const iteration = new Iteration(items);
  try {
    for (;;) {
      const result = yield* iteration.next();
      if (result.done) break;
      yield* callStructured(body, [result.value], ACTION);
    }
  } catch (error) {
    throw yield* iteration.closeAfter(error);
  }
  yield* iteration.close();
}

const ACTION = "go through the items of an iterable";

/** An iterator on its way. Its `return` is called once, and not where it has ended or failed by itself. */
class Iteration<T> {
  readonly #iterator: AsyncIterator<T> | Iterator<T>;
  readonly #isAsync: boolean;
  /** Where the iterator was started here. */
  readonly #controller: AbortController | undefined;
  #isOver = false;
  #isLetGo = false;
  #closing: Operation<unknown> | undefined;

  constructor(items: Items<T>) {
    let iterable: unknown = items;
    if (typeof items === "function") {
      this.#controller = new AbortController();
      iterable = items(this.#controller.signal);
    }
    const { asyncIterator, iterator } = Symbol;
    const make = methodOf(iterable, asyncIterator) ?? methodOf(iterable, iterator);
    if (make === undefined) throw notIterable(iterable, items);
    this.#isAsync = methodOf(iterable, asyncIterator) !== undefined;
    this.#iterator = make.call(iterable) as AsyncIterator<T> | Iterator<T>;
  }

  *next(): Operation<IteratorResult<T>> {
    // For a cancelled task nothing is asked for, which would be lost.
    if (this.#isAsync) yield* checkpointIfCancelled();
    else yield* checkpoint();
    this.#isOver = true;
    const given = this.#isAsync ? yield* this.#awaitNext() : this.#iterator.next();
    if (typeof given !== "object" || given === null) {
      throw new ArgumentError(
        `Cannot ${ACTION}: its 'next' gave ${describe(given)}, which is no iterator result.`,
      );
    }
    const result = given as IteratorResult<T>;
    this.#isOver = Boolean(result.done);
    return result;
  }

  /** Closes the iterator of a loop that ends early, and gives what is to be thrown. */
  *closeAfter(error: unknown): Operation<unknown> {
    if (this.#isLetGo) return error;
    this.#controller?.abort(error);
    try {
      if (!this.#isOver) this.#startClosing();
      yield* this.close();
    } catch (ofCleanup) {
      return suppress(error, ofCleanup);
    }
    return error;
  }

  /** Waits until the iterator is closed, where its closing was begun. */
  *close(): Operation<void> {
    const closing = this.#closing;
    if (closing !== undefined)
      yield* new CancelScope({ shield: true, name: "closing an iterator" }).run(() => closing);
  }

  *#awaitNext(): Operation<unknown> {
    const iterator = this.#iterator as AsyncIterator<T>;
    const controller = this.#controller;
    if (controller !== undefined) {
      const abort = (cancelled: unknown): void => {
        controller.abort(cancelled);
        this.#startClosing();
      };
      return yield* settled(() => ({ promise: iterator.next(), abort }), "the next item");
    }
    try {
      return yield* fromPromise(iterator.next());
    } catch (error) {
      if (isCancelled(error)) {
        this.#isLetGo = true;
        this.#startClosing();
      }
      throw error;
    }
  }

  #startClosing(): void {
    this.#closing ??= started(() => {
      const closed = this.#iterator.return?.();
      return this.#isAsync ? closed : undefined;
    });
  }
}

/** Calls at once, and gives the operation that waits for the promise which came of it, or throws what was thrown. */
function started(call: () => unknown): Operation<unknown> {
  try {
    const result = call();
    // It is looked at from now on, so that its rejection is not an unhandled one.
    if (typeof (result as { readonly then?: unknown } | undefined)?.then === "function")
      return fromPromise(result as Parameters<typeof fromPromise>[0]);
    return { [Symbol.iterator]: () => ({ next: () => ({ done: true, value: undefined }) }) };
  } catch (error) {
    return {
      [Symbol.iterator]: () => ({
        next: () => {
          throw error;
        },
      }),
    };
  }
}

function methodOf(value: unknown, name: symbol): (() => unknown) | undefined {
  const method = (value as { readonly [key: symbol]: unknown } | null | undefined)?.[name];
  return typeof method === "function" ? (method as () => unknown) : undefined;
}

function notIterable(value: unknown, items: unknown): ArgumentError {
  const what =
    value === items ? describe(value) : `${describe(items)}, which returned ${describe(value)}`;
  return new ArgumentError(
    `Cannot ${ACTION} with ${what}: an async iterable or an iterable is wanted.\n` +
      "An iterator alone is not enough; a channel has 'each(body)'.",
  );
}
