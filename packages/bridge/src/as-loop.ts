import { describe, WrongFlavorError } from "@trestle/host";
import type { EventLoop, Future } from "@trestle/loop";
import { named, type Operation, type StructuredFunction } from "@trestle/structured";
import type { CrossingOptions } from "./as-structured.js";
import { boundFunction } from "./bound-function.js";
import { requireLoopOfCrossing } from "./current-loop.js";
import { callHost } from "./hosted-call.js";
import { isFromLoop } from "./from-loop.js";
import { FromStructured, type LoopHolding } from "./from-structured.js";
import { startStructured } from "./start-structured.js";
import {
  isStructuredResource,
  isStructuredSource,
  type AnyStructuredBlock,
  type StructuredBlockForm,
  type StructuredCloseable,
  type StructuredEach,
  type StructuredEnterExit,
  type StructuredReceive,
} from "./structured-source.js";

/** How loop code uses what structured code has for items or for a resource. */
export type LoopFacesOf<X> = ItemsOf<X> & LoopHoldingOf<X>;

type ItemsOf<X> =
  X extends StructuredReceive<infer T>
    ? AsyncIterable<T, undefined>
    : X extends StructuredEach<infer T>
      ? AsyncIterable<T, undefined>
      : unknown;

type LoopHoldingOf<X> =
  X extends StructuredBlockForm<infer V>
    ? LoopHolding<V>
    : X extends AnyStructuredBlock
      ? LoopHolding<undefined>
      : X extends StructuredEnterExit<infer V>
        ? LoopHolding<V>
        : X extends StructuredCloseable
          ? LoopHolding<X>
          : unknown;

type Source = StructuredReceive<unknown> | StructuredEach<unknown>;
type Resource = AnyStructuredBlock | StructuredEnterExit<unknown> | StructuredCloseable;

/**
 * Makes something of the structured flavor usable in loop code.
 *
 * - A structured function: a call of the result starts a structured task and gives its Future at once. So does an operation, which
 *   is run right away.
 * - What gives items is gone through by `for await`: a channel, or an object with `each(body)`, which calls the body for each item,
 *   as a function that sends does. Leaving the loop cancels the source and waits for it; a channel is closed.
 * - A resource is held by `hold(body)`, or opened for `await using` by `open()`: an object with a block form of its own, as in
 *   `{ hold: openNursery }`, one with `enter()` and `exit(error)`, or one with `aclose()`.
 *
 * All that one of these does is done in one structured task. It runs in the loop's nursery, not in the caller's scopes; these reach it
 * through the Future. Cancelling the Future cancels the task, and the Future stays pending until the task has ended: cancelled
 * then, it is cancelled; a value or an error wins. `gather`, `waitFor`, `timeout` and the like work on it. Source: trio-asyncio's
 * `trio_as_aio`. Flavor: gives the loop one.
 *
 * @param x a structured function, an operation, a channel or other source of items, or a resource
 * @param options which loop
 * @throws WrongFlavorError for anything else; the result throws NoHostedLoopError where no loop is open, LoopClosedError
 * @example
 * ```ts
 * import { asLoop, asStructured, run } from "@trestle/bridge";
 * import { openNursery, sleep, type Operation } from "@trestle/structured";
 *
 * const nap = asLoop(function* (ms: number) {
 *   yield* sleep(ms);
 *   return "rested";
 * });
 *
 * const ticks = asLoop({
 *   *each(send: (tick: number) => Operation<void>) {
 *     for (let tick = 1; ; tick++) {
 *       yield* sleep(10);
 *       yield* send(tick);
 *     }
 *   },
 * });
 *
 * const day = asStructured(async () => {
 *   console.log(await nap(10)); // "rested"
 *   for await (const tick of ticks) if (tick === 3) break;
 *   await asLoop({ hold: openNursery }).hold(async (nursery) => {
 *     nursery.startSoon(sleep, 10);
 *   });
 * });
 *
 * await run(() => day());
 * ```
 */
export function asLoop<A extends unknown[], T>(
  fn: StructuredFunction<A, T>,
  options?: CrossingOptions,
): (...args: A) => Future<T>;
export function asLoop<T>(operation: Operation<T>, options?: CrossingOptions): Future<T>;
export function asLoop<X extends Source | Resource>(
  x: X,
  options?: CrossingOptions,
): LoopFacesOf<X>;
export function asLoop(x: unknown, options: CrossingOptions = {}): unknown {
  if (typeof x === "function") return loopCall(x as Structured, options);
  const loop = (): EventLoop =>
    options.loop ?? requireLoopOfCrossing(`use ${describe(x)} in loop code`);
  if (!isFromLoop(x) && (isStructuredSource(x) || isStructuredResource(x)))
    return new FromStructured(x, loop);
  if (isOperation(x))
    return startStructured(
      loop(),
      named("operation", () => x),
      [],
    );
  throw refused(x, advice(x));
}

type Structured = StructuredFunction<unknown[], unknown>;

function loopCall(
  fn: Structured,
  options: CrossingOptions,
): (...args: unknown[]) => Future<unknown> {
  const kind = (fn as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (kind === "AsyncFunction" || kind === "AsyncGeneratorFunction") {
    throw refused(
      fn,
      "it is already.\nCall it as it is; for structured code, wrap it by 'asStructured'",
    );
  }
  const host = callHost(fn.name);
  const call = function (this: unknown, ...args: unknown[]): Future<unknown> {
    const loop = options.loop ?? requireLoopOfCrossing(host.action);
    return startStructured(loop, boundFunction(fn, this), args, host);
  };
  Object.defineProperty(call, "name", { value: fn.name });
  return call;
}

function isOperation(x: unknown): x is Operation<unknown> {
  return typeof x === "object" && x !== null && Symbol.iterator in x && !Array.isArray(x);
}

function refused(x: unknown, why: string): WrongFlavorError {
  return new WrongFlavorError(`Cannot make ${describe(x)} loop-flavored: ${why}.`);
}

function advice(x: unknown): string {
  const isPromise = typeof x === "object" && x !== null && "then" in x;
  return isPromise
    ? "it is already.\nAwait it as it is; for structured code, wrap it by 'asStructured'"
    : "it is no structured function.\nGive 'function* () { ... }', an operation, a channel or a resource";
}
