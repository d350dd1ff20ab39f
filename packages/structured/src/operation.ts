import { WrongFlavorError } from "@trestle/host";

declare const suspended: unique symbol;

/** What an operation hands to the runner when it waits. Only the runtime has one; nothing else may be yielded. */
export interface Suspended {
  readonly [suspended]: true;
}

/**
 * Work of the structured flavor: what `yield*` takes and a structured function returns. Nothing happens until it is run, by
 * `yield*` in a task.
 *
 * @example
 * ```ts
 * import { sleep, type Operation } from "@trestle/structured";
 *
 * function* greet(name: string): Operation<string> {
 *   yield* sleep(10);
 *   return `Hello ${name}`;
 * }
 * ```
 */
export interface Operation<T> {
  [Symbol.iterator](): OperationIterator<T>;
  /** Not to be called: by it TypeScript refuses an `await` of an operation, and so do the runtime's own ones when they run. */
  then?(resolve: never, reject?: never): void;
}

/** One run of an operation, as the runner drives it. */
export type OperationIterator<T> = Iterator<Suspended, T, unknown>;

/** A function of the structured flavor, mostly a generator function. */
export type StructuredFunction<A extends unknown[], T> = (...args: A) => Operation<T>;

/**
 * The `then` of the runtime's operations: somebody awaits one. Without it `await sleep(10)` would go on at once, silently.
 */
export function refuseAwait(reject: ((reason: unknown) => void) | undefined): void {
  const error = new WrongFlavorError(
    "Cannot await an operation: it belongs to the structured flavor.\n" +
      "In a generator function write 'yield*' before it; in loop-flavored code call it through 'asLoop' of " +
      "@trestle/bridge; outside of both give it to 'run'.",
  );
  if (reject === undefined) throw error;
  reject(error);
}
