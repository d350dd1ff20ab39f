// What the structured flavor has for what gives items, and for resources.
import { ArgumentError, describe } from "@trestle/host";
import { using, type Operation } from "@trestle/structured";
import { throwBoth } from "./both-errors.js";
import { methodOf } from "./loop-resource.js";

/** Gives items to a body, one after another: a channel, or any function that sends. The body goes on when the next is wanted. */
export interface StructuredEach<T> {
  each(body: (item: T) => Operation<void>): Operation<unknown>;
}

/** Gives an item each time that it is asked, and throws EndOfChannel when there are no more. */
export interface StructuredReceive<T> {
  receive(): Operation<T>;
}

/** A block form: it opens something, runs the body with it, and closes it, as `openNursery` does. */
export interface StructuredBlockForm<V> {
  hold(body: (value: V) => Operation<never>): Operation<unknown>;
}

/** Any block form: that of a lock gives its body nothing. */
export interface AnyStructuredBlock {
  hold(body: () => Operation<never>): Operation<unknown>;
}

/** A resource with a beginning and an end of its own. */
export interface StructuredEnterExit<V> {
  /** Opens it, and gives what is used. */
  enter(): Operation<V>;
  /**
   * Closes it; called with the error of what was done with it, if that failed. The error goes on, unless `exit` gives true.
   */
  exit(error?: unknown): Operation<unknown>;
}

/** Something that is open already, and closed by `aclose`. */
export interface StructuredCloseable {
  aclose(): Operation<unknown>;
}

export function isStructuredSource(value: unknown): value is object {
  return has(value, "each") || has(value, "receive");
}

export function isStructuredResource(value: unknown): value is object {
  return has(value, "hold") || (has(value, "enter") && has(value, "exit")) || has(value, "aclose");
}

/** Enters a resource, runs a body with what it gives, and leaves it. */
export function* throughResource<T>(
  resource: object,
  body: (value: unknown) => Operation<T>,
): Operation<T> {
  if (has(resource, "hold")) return yield* throughBlock(resource, body);
  if (has(resource, "enter") && has(resource, "exit"))
    return yield* throughExit(resource as StructuredEnterExit<unknown>, body);
  if (has(resource, "aclose")) {
    const closeable = resource as StructuredCloseable;
    return yield* using({ aclose: () => closeable.aclose() as Operation<void> }, () =>
      body(resource),
    );
  }
  throw new ArgumentError(
    `Cannot hold ${describe(resource)}: it is no resource.\nGive an object with 'hold(body)', with 'enter' and 'exit', or with 'aclose'.`,
  );
}

function* throughBlock<T>(resource: object, body: (value: unknown) => Operation<T>): Operation<T> {
  let isInside = false;
  const inside = (value: unknown): Operation<T> => {
    isInside = true;
    return body(value);
  };
  const value = yield* (resource as StructuredBlockForm<unknown>).hold(inside as never);
  if (isInside) return value as T;
  throw new ArgumentError(
    `Cannot hold ${describe(resource)}: its 'hold' has ended and not called the body.`,
  );
}

function* throughExit<T>(
  pair: StructuredEnterExit<unknown>,
  body: (value: unknown) => Operation<T>,
): Operation<T> {
  const value = yield* pair.enter();
  let result: T;
  try {
    result = yield* body(value);
  } catch (error) {
    let isSuppressed: boolean;
    try {
      isSuppressed = (yield* pair.exit(error)) === true;
    } catch (ofExit) {
      return yield* throwBoth(error, ofExit);
    }
    if (isSuppressed) return undefined as T;
    throw error;
  }
  yield* pair.exit();
  return result;
}

function has(value: unknown, name: string): boolean {
  return methodOf(value, name) !== undefined;
}
