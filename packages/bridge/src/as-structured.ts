import { ArgumentError, describe, WrongFlavorError } from "@trestle/host";
import { isFuture, type EventLoop } from "@trestle/loop";
import { fromPromise, type Operation } from "@trestle/structured";
import {
  suspend,
  type ArmedWait,
  type Waiter,
  type WaitSource,
} from "@trestle/structured/lowlevel";
import { awaitFuture } from "./await-future.js";
import { boundFunction } from "./bound-function.js";
import { armCall, asyncCallOf, type OnCancel } from "./call-async.js";
import { requireLoopOfCrossing } from "./current-loop.js";
import {
  FromLoop,
  isFromLoop,
  noValue,
  type Crossing,
  type Holding,
  type Iteration,
} from "./from-loop.js";
import { isPromise } from "./is-promise.js";
import { isAsyncIterable } from "./iterator-host.js";
import {
  isLoopResource,
  type AnyLoopBlock,
  type EnterExit,
  type LoopBlockForm,
} from "./loop-resource.js";
import type { StructuredEventLoop } from "./structured-event-loop.js";

/** Where a crossing goes. */
export interface CrossingOptions {
  /** The loop; unless given, the current one when the call is run. */
  readonly loop?: StructuredEventLoop;
}

/** How a call of an async function crosses. */
export interface CallOptions extends CrossingOptions {
  /**
   * What a cancellation of the call does beside cancelling the task over there: it waits until that has ended, which is the default,
   * or lets go of it, at once. What is let go of is nobody's any more, its error neither.
   */
  readonly onCancel?: OnCancel;
}

/** How structured code uses what a call gives: by `yield*`, and where that is more than a value, item by item or as a resource. */
export type CallOf<T> = Operation<T> & FacesOf<T>;

/** How structured code uses an async iterable or a resource. */
export type FacesOf<T> = IterationOf<T> & HoldingOf<T>;

type IterationOf<T> =
  T extends AsyncIterable<infer I, infer R, infer N> ? Iteration<I, R, N> : unknown;

type HoldingOf<T> =
  T extends AsyncIteratorObject<unknown, unknown, never>
    ? unknown
    : T extends LoopBlockForm<infer V>
      ? Holding<V>
      : T extends AnyLoopBlock
        ? Holding<undefined>
        : T extends EnterExit<infer V>
          ? Holding<V>
          : T extends AsyncDisposable
            ? Holding<T>
            : unknown;

type Resource = EnterExit<unknown> | AsyncDisposable | AnyLoopBlock;

/**
 * Makes something of the loop flavor usable in structured code.
 *
 * - An async function gives a structured one: a call of it runs the function as a task of the loop, from its first line on, and
 *   waits for it. A cancellation cancels the task, once, and waits until it has ended; its `signal` fires.
 * - A Future or a promise gives an operation that waits for it. A cancellation cancels the Future and waits; a promise, which
 *   nobody can cancel, is no longer looked at.
 * - An async iterable has its items gone through by `each(body)`, or by single steps in `open(body)`.
 * - A resource is held by `hold(body)`: what `await using` takes, an object with `enter()` and `exit(error)`, or one with a block
 *   form of its own, `hold(body)`.
 * - A function that gives one of these, such as an async generator function, is called and used in the same way, with the call
 *   itself in the loop.
 *
 * All steps of an iterator run in one task of the loop, and so do the two ends of a resource. Cancelled afterwards means Cancelled; a
 * value or an error of the task wins. Errors cross as they are. Source: trio-asyncio's `aio_as_trio`. Flavor: gives the structured one.
 *
 * @param x an async function, a Future, a promise, an async iterable, a resource, or a function that gives one
 * @param options which loop, what a cancellation does
 * @throws WrongFlavorError for anything else; the result throws NoHostedLoopError where no loop is open
 * @example
 * ```ts
 * import { asStructured, run } from "@trestle/bridge";
 * import { currentTask } from "@trestle/loop";
 * import { failAfter } from "@trestle/structured";
 * import { open } from "node:fs/promises";
 *
 * const load = asStructured(async (url: string) => {
 *   const response = await fetch(url, { signal: currentTask()?.signal ?? null });
 *   return response.text();
 * });
 *
 * const lines = asStructured(async function* (path: string) {
 *   const file = await open(path);
 *   for await (const line of file.readLines()) yield line;
 * });
 *
 * await run(function* () {
 *   yield* failAfter(1000, () => load("http://localhost:8080/"));
 *   yield* lines("package.json").each(function* (line) {
 *     console.log(line);
 *   });
 * });
 * ```
 */
export function asStructured<A extends unknown[], T, I, R, N>(
  x: (...args: A) => PromiseLike<T> & AsyncIterable<I, R, N>,
  options?: CallOptions,
): (...args: A) => Operation<T> & Iteration<I, R, N>;
export function asStructured<A extends unknown[], T>(
  x: (...args: A) => PromiseLike<T>,
  options?: CallOptions,
): (...args: A) => CallOf<T>;
export function asStructured<A extends unknown[], T, R, N>(
  x: (...args: A) => AsyncIterable<T, R, N>,
  options?: CrossingOptions,
): (...args: A) => Iteration<T, R, N>;
export function asStructured<A extends unknown[], X extends Resource>(
  x: (...args: A) => X,
  options?: CrossingOptions,
): (...args: A) => FacesOf<X>;
export function asStructured<T, I, R, N>(
  x: PromiseLike<T> & AsyncIterable<I, R, N>,
  options?: CrossingOptions,
): Operation<T> & Iteration<I, R, N>;
export function asStructured<T>(x: PromiseLike<T>, options?: CrossingOptions): Operation<T>;
export function asStructured<X extends AsyncIterable<unknown> | Resource>(
  x: X,
  options?: CrossingOptions,
): FacesOf<X>;
export function asStructured(x: unknown, options: CallOptions = {}): unknown {
  if (typeof x === "function") return structuredCall(x as LoopSide, options);
  if (isFuture(x)) return awaitFuture(x);
  if (!isFromLoop(x) && (isAsyncIterable(x) || isLoopResource(x))) return faces(x, options);
  if (isPromise(x)) return fromPromise(x);
  throw new WrongFlavorError(`Cannot make ${describe(x)} structured.\n${advice(x)}`);
}

type LoopSide = (...args: unknown[]) => PromiseLike<unknown>;

function structuredCall(fn: LoopSide, options: CallOptions): (...args: unknown[]) => FromLoop {
  const kind = (fn as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (kind === "GeneratorFunction") {
    throw new WrongFlavorError(
      `Cannot make ${describe(fn)} structured: it is already.\nCall it with 'yield*'; for loop code, wrap it by 'asLoop'.`,
    );
  }
  const { loop: chosen, onCancel = "wait" } = checked(options);
  const isIteration = kind === "AsyncGeneratorFunction";
  const what = isIteration ? "an async generator function" : "an async function";
  const action = `call '${fn.name || what}' from structured code`;
  const calls: LoopCalls = {
    loop: () => chosen ?? requireLoopOfCrossing(action),
    isIteration,
    onCancel,
    name: fn.name || "anonymous",
    awaited: asyncCallOf(fn.name),
  };
  const call = function (this: unknown, ...args: unknown[]): FromLoop {
    return new FromLoop(new LoopCall(calls, boundFunction(fn, this), args));
  };
  Object.defineProperty(call, "name", { value: fn.name });
  return call;
}

/** What all calls of a function have in common. */
interface LoopCalls {
  readonly loop: () => EventLoop;
  readonly isIteration: boolean;
  readonly onCancel: OnCancel;
  readonly name: string;
  /** What is awaited, for reports. */
  readonly awaited: string;
}

/** One call, which is made when it is known how its result is used. */
class LoopCall implements Crossing, WaitSource<unknown> {
  readonly #calls: LoopCalls;
  readonly #fn: LoopSide;
  readonly #args: unknown[];

  constructor(calls: LoopCalls, fn: LoopSide, args: unknown[]) {
    this.#calls = calls;
    this.#fn = fn;
    this.#args = args;
  }

  get loop(): () => EventLoop {
    return this.#calls.loop;
  }

  get name(): string {
    return this.#calls.name;
  }

  start(): unknown {
    return this.#fn(...this.#args);
  }

  value(): Operation<unknown> {
    const { isIteration, awaited } = this.#calls;
    return isIteration ? noValue(this.#fn) : suspend(this, awaited);
  }

  arm(waiter: Waiter<unknown>): ArmedWait {
    const { loop, onCancel } = this.#calls;
    return armCall(loop(), this.#fn, this.#args, onCancel, waiter);
  }
}

function faces(x: object, { loop: chosen }: CrossingOptions): FromLoop {
  const loop = (): EventLoop =>
    chosen ?? requireLoopOfCrossing(`use ${describe(x)} in structured code`);
  return new FromLoop({
    loop,
    start: () => x,
    value: () => (isPromise(x) ? fromPromise(x) : noValue(x)),
    name: isAsyncIterable(x) ? "iteration" : "resource",
  });
}

function checked(options: CallOptions): CallOptions {
  const { onCancel } = options;
  if (onCancel === undefined || onCancel === "wait" || onCancel === "abandon") return options;
  throw new ArgumentError(
    `Cannot call an async function with ${describe(onCancel)} for 'onCancel': "wait" or "abandon" is wanted.`,
  );
}

function advice(x: unknown): string {
  if (isFromLoop(x)) return "It is structured already.";
  if (typeof x === "object" && x !== null && Symbol.iterator in x) {
    return "An operation needs no wrapper: write 'yield*' before it.";
  }
  return "Give an async function, a Future, a promise, an async iterable or a resource.";
}
