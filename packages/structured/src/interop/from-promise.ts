import { describe, WrongFlavorError, type Release } from "@trestle/host";
import { requireTask } from "../ambient.js";
import {
  refuseAwait,
  type Operation,
  type OperationIterator,
  type Suspended,
} from "../operation.js";
import { rejectionFor } from "./promise-cancelled-error.js";
import { readyInMicrotask } from "../ready-in-microtask.js";
import { isEndBeside } from "../run/ends-of-runs.js";
import { returning, SUSPEND } from "../suspend.js";
import type { Parked } from "../task-parties.js";
import type { TaskRecord } from "../task-record.js";

/**
 * Waits for a promise that somebody else has started, and gives its value or throws its error.
 *
 * A cancellation stops the waiting, at once; the promise goes on, and nobody hears what becomes of it: neither its value nor
 * its rejection. For work of your own that can be stopped use `abortable`. Source: ours. Flavor: structured.
 *
 * @throws the promise's rejection; PromiseCancelledError where that is a Cancelled, which is nobody's here; WrongFlavorError, at
 * the call, for what is no promise
 * @example
 * ```ts
 * import { fromPromise, run } from "@trestle/structured";
 *
 * await run(() => fromPromise(Promise.resolve(42)));
 * ```
 */
export function fromPromise<T>(promise: PromiseLike<T>): Operation<T> {
  requirePromise(promise, "it is not a promise");
  return new PromiseWait(promise);
}

/**
 * The wait for a promise, in one object: a program that crosses to promises makes many of these. The promise is looked at
 * from the beginning, so that a rejection which comes before the wait is not an unhandled one.
 */
class PromiseWait<T> implements Operation<T>, OperationIterator<T>, Parked {
  readonly #promise: PromiseLike<T>;
  #isSettled = false;
  #hasFailed = false;
  #value: unknown;
  #task: TaskRecord | undefined;
  #release: Release | undefined;
  #used = false;

  constructor(promise: PromiseLike<T>) {
    this.#promise = promise;
    try {
      promise.then(
        (value) => this.#settle(false, value),
        (error: unknown) => this.#settle(true, error),
      );
    } catch (error) {
      this.#settle(true, error);
    }
  }

  [Symbol.iterator](): OperationIterator<T> {
    if (this.#used) return new PromiseWait(this.#promise)[Symbol.iterator]();
    this.#used = true;
    return this;
  }

  next(): IteratorResult<Suspended, T> {
    const task = requireTask("wait for a promise");
    if (task.isResumed()) return returning(task.take() as T);
    this.#task = task;
    task.park(this);
    if (this.#isSettled && !task.isCancelled) {
      this.wake();
    } else {
      const { runner } = task;
      if (!isEndBeside(this.#promise, runner))
        this.#release = runner.host.hold("a promise", NOT_ALIVE);
      task.offerCancel();
    }
    return SUSPEND;
  }

  withdraw(): boolean {
    this.#leave();
    return true;
  }

  then(_resolve: unknown, reject?: (reason: unknown) => void): void {
    refuseAwait(reject);
  }

  toString(): string {
    return "a promise";
  }

  #settle(hasFailed: boolean, value: unknown): void {
    // A promise of a foreign make may call back more than once.
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#hasFailed = hasFailed;
    this.#value = value;
    const runner = this.#task?.runner;
    if (runner !== undefined && isNative(this.#promise)) readyInMicrotask(runner, this);
    else this.wake();
  }

  wake(): void {
    const task = this.#leave();
    if (task === undefined) return;
    if (!this.#hasFailed) task.wake(this.#value);
    else task.wakeWithError(task.isCancelled ? this.#value : rejectionFor(this.#value));
  }

  /** The task that waits, for the last time; undefined where none does. */
  #leave(): TaskRecord | undefined {
    const task = this.#task;
    this.#task = undefined;
    this.#release?.();
    this.#release = undefined;
    return task;
  }
}

const nativeThen: unknown = Reflect.get(Promise.prototype, "then");

/** Whether its reactions are microtasks, so that nothing else runs when one does. */
function isNative(promise: PromiseLike<unknown>): boolean {
  return promise.then === nativeThen;
}

const NOT_ALIVE = { keepAlive: false };

/** Throws WrongFlavorError for what is no promise. An operation passes: its own `then` refuses. */
export function requirePromise(promise: unknown, why: string): void {
  if (typeof (promise as { readonly then?: unknown } | null | undefined)?.then === "function")
    return;
  throw new WrongFlavorError(
    `Cannot wait for ${describe(promise)}: ${why}.\nAn operation needs no wrapper: write 'yield*' before it.`,
  );
}
