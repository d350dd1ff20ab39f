// Structured code that awaits loop code without saying so: a plain `yield` of a Future or a promise waits for it. Loop code that is
// called in between finds the loop running, as it would in a callback, and no task.
import { isFuture, setRunningLoop, type EventLoop, type LoopFunction } from "@trestle/loop";
import { fromPromise, type Operation, type StructuredFunction } from "@trestle/structured";
import {
  acceptYields,
  callStructured,
  refusingAwait,
  type Suspended,
} from "@trestle/structured/lowlevel";
import { awaitFuture } from "./await-future.js";
import { callAsync } from "./call-async.js";
import { requireLoopOfCrossing } from "./current-loop.js";
import { isPromise } from "./is-promise.js";

/**
 * What a function inside of `allowLoop` returns: an operation, in which Futures and promises may be yielded, too. TypeScript
 * cannot tell what a plain `yield` gives, so that is `unknown`; `yield* asStructured(promise)` does the same with its type.
 */
export interface MixedOperation<T> {
  [Symbol.iterator](): Iterator<Suspended | PromiseLike<unknown>, T, unknown>;
}

/** A function for `allowLoop`. */
export type MixedFunction<A extends unknown[], T> = (...args: A) => MixedOperation<T>;

/**
 * Runs a function in which a plain `yield` of a Future or a promise waits for it, beside `yield*` of operations.
 *
 * It holds for all that runs inside: nested calls, blocks, and tasks that are started there. For TypeScript the body of a block is
 * structured only: give it `() => allowLoop(...)` where it is to yield a promise. Loop code that is called inside finds the
 * current loop running, and no task; so nothing cancels what an async function does that is called plainly. Everything else that
 * is yielded is refused as ever.
 *
 * Waits for the function. A cancellation throws Cancelled at the `yield`: a Future is cancelled first, once, and waited for,
 * as by `awaitFuture`; a promise, which nobody can cancel, is no longer looked at. It is for one-off code: programs and libraries
 * mark each crossing by `asStructured`. Source: trio-asyncio's `allow_asyncio`. Flavor: structured.
 *
 * @param fn a generator function that mixes both; also one that gives a Future or a promise, or an async function, which is
 * run as a task of the loop
 * @throws what the function throws; NoHostedLoopError; WrongFlavorError for a function of another kind
 * @example
 * ```ts
 * import { allowLoop, run } from "@trestle/bridge";
 * import { sleep as loopSleep } from "@trestle/loop";
 * import { sleep } from "@trestle/structured";
 *
 * await run(() =>
 *   allowLoop(function* () {
 *     yield* sleep(10);
 *     yield loopSleep(10);
 *     const response = (yield fetch("http://localhost:8080/")) as Response;
 *     console.log(response.status);
 *   }),
 * );
 * ```
 */
export function allowLoop<A extends unknown[], T>(
  fn: MixedFunction<A, T>,
  ...args: A
): Operation<T>;
export function allowLoop<A extends unknown[], T>(fn: LoopFunction<A, T>, ...args: A): Operation<T>;
export function allowLoop<A extends unknown[], T>(
  fn: MixedFunction<A, T> | LoopFunction<A, T>,
  ...args: A
): Operation<T> {
  return refusingAwait(() => allow(fn as StructuredFunction<A, T>, args));
}

const ACTION = "allow loop code";

function* allow<A extends unknown[], T>(fn: StructuredFunction<A, T>, args: A): Operation<T> {
  const loop = requireLoopOfCrossing(`${ACTION} in '${fn?.name || "a function"}'`);
  const takeBack = setRunningLoop(loop);
  try {
    return yield* acceptYields(operationFor, () => start(loop, fn, args));
  } finally {
    takeBack();
  }
}

function start<A extends unknown[], T>(
  loop: EventLoop,
  fn: StructuredFunction<A, T>,
  args: A,
): Operation<T> {
  const isAsync =
    (fn as { readonly [Symbol.toStringTag]?: unknown } | undefined)?.[Symbol.toStringTag] ===
    "AsyncFunction";
  if (isAsync) return callAsync(() => loop, fn as unknown as LoopFunction<A, T>, args);
  if (typeof fn !== "function") return callStructured(fn, args, ACTION);
  const called = (): Operation<T> => {
    const returned = fn(...args);
    return (operationFor(returned) as Operation<T> | undefined) ?? returned;
  };
  Object.defineProperty(called, "name", { value: fn.name });
  return callStructured(called, [], ACTION);
}

/** The operation for something that was yielded plainly; undefined for what is neither a Future nor a promise. */
function operationFor(value: unknown): Operation<unknown> | undefined {
  if (isFuture(value)) return awaitFuture(value);
  return isPromise(value) ? fromPromise(value) : undefined;
}
