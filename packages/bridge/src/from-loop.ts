// Something of the loop flavor as structured code sees it. What it is need not be known before it is used: a call may give a
// value, items one after another, or a resource, and says so by how it is used.
import { describe, WrongFlavorError } from "@trestle/host";
import type { EventLoop } from "@trestle/loop";
import { using, type Body, type Operation, type OperationIterator } from "@trestle/structured";
import { callStructured, refusingAwait } from "@trestle/structured/lowlevel";
import { IterationHandle } from "./iteration-handle.js";
import { IteratorHost } from "./iterator-host.js";
import { holdLoopResource } from "./resource-host.js";

/** An async iterable of loop code, in structured code. */
export interface Iteration<T, R = unknown, N = unknown> {
  /**
   * Runs a body for each item, one after another. Where it ends early, by an error or a cancellation, the iterator is closed and
   * that is waited for.
   *
   * All steps run in one task of the loop. A cancellation while an item is awaited is thrown into the iterator; an item that
   * comes all the same has its body. One that comes in between is delivered to the closing, at its first suspension.
   * With an error of the body, one of the closing is added to its `suppressed`. An iterator that has failed is not closed.
   *
   * @param body receives the item, then `args`
   * @throws what the iterator, the body or the closing throw; ArgumentError where there is no async iterable
   */
  each<A extends unknown[]>(
    body: (item: T, ...args: A) => Operation<unknown>,
    ...args: A
  ): Operation<void>;
  /**
   * Runs a body with a handle that takes single steps, and closes the iterator afterwards, unless it has come to its end.
   *
   * @param body receives the handle, then `args`
   * @throws as `each` does
   */
  open<A extends unknown[], V>(
    body: Body<IterationHandle<T, R, N>, A, V>,
    ...args: A
  ): Operation<V>;
}

/** A resource of loop code, in structured code. */
export interface Holding<V> {
  /**
   * Enters the resource, runs a body with what it gives, and leaves it, whatever happened.
   *
   * Entering and leaving are in one task of the loop, which waits for the body: what over there cancels that task, such as a
   * timeout or a failing task group, cancels the body. A cancelled scope cancels the entering; after that the leaving always runs, with
   * the cancellation delivered at its first suspension.
   *
   * The body's error goes to `exit`, and on, unless that gives true: then the value is undefined. With an error of the body, one
   * of the leaving is added to its `suppressed`. A block form, `hold(body)`, says itself what comes out.
   *
   * @param body receives what entering gave, then `args`
   * @throws what entering, body and leaving throw; ArgumentError where there is no resource
   */
  hold<A extends unknown[], T>(body: Body<V, A, T>, ...args: A): Operation<T>;
}

/** What is wrapped, and where. */
export interface Crossing {
  /** Gives the loop; asked when something is run. */
  readonly loop: () => EventLoop;
  /** Gives what is wrapped, or a promise of it; called in the loop. */
  start(): unknown;
  /** Gives the operation that waits for one value. */
  value(): Operation<unknown>;
  /** For reports. */
  readonly name: string;
}

const brand = Symbol.for("trestle.from-loop");

export class FromLoop implements Operation<unknown>, Iteration<unknown>, Holding<unknown> {
  readonly [brand] = true;
  readonly #crossing: Crossing;

  constructor(crossing: Crossing) {
    this.#crossing = crossing;
  }

  [Symbol.iterator](): OperationIterator<unknown> {
    return this.#crossing.value()[Symbol.iterator]();
  }

  then(resolve: never, reject?: never): void {
    refusingAwait(() => this).then?.(resolve, reject);
  }

  each<A extends unknown[]>(
    body: (item: unknown, ...args: A) => Operation<unknown>,
    ...args: A
  ): Operation<void> {
    return this.open(goThrough<A>, body, args);
  }

  open<A extends unknown[], V>(
    body: Body<IterationHandle<unknown>, A, V>,
    ...args: A
  ): Operation<V> {
    return refusingAwait(() => goThroughSteps(this.#crossing, body, args));
  }

  hold<A extends unknown[], T>(body: Body<never, A, T>, ...args: A): Operation<T> {
    return refusingAwait(() => holdResource(this.#crossing, body, args));
  }
}

function* goThroughSteps<A extends unknown[], V>(
  crossing: Crossing,
  body: Body<IterationHandle<unknown>, A, V>,
  args: A,
): Operation<V> {
  const host = new IteratorHost(crossing.loop(), () => crossing.start(), crossing.name);
  return yield* using(new IterationHandle(host), body, ...args);
}

function* holdResource<A extends unknown[], T>(
  crossing: Crossing,
  body: Body<never, A, T>,
  args: A,
): Operation<T> {
  const start = (): unknown => crossing.start();
  return yield* holdLoopResource(crossing.loop(), start, crossing.name, body, args);
}

/** Whether a value is what `asStructured` has made, in this copy of the package or another. */
export function isFromLoop(value: unknown): value is FromLoop {
  return typeof value === "object" && value !== null && brand in value;
}

/** The operation of what has no single value. */
export function noValue(x: unknown): Operation<never> {
  return refusingAwait(() => {
    throw new WrongFlavorError(
      `Cannot wait for ${describe(x)}: it has no single value.\nGo through its items by '.each(function* (item) { ... })', or hold it by '.hold(function* (value) { ... })'.`,
    );
  });
}

function* goThrough<A extends unknown[]>(
  items: IterationHandle<unknown>,
  body: (item: unknown, ...args: A) => Operation<unknown>,
  args: A,
): Operation<void> {
  for (;;) {
    const result = yield* items.next();
    if (result.done) return;
    yield* callStructured(body, [result.value, ...args], "go through an async iterable");
  }
}
