// A result that comes later.
//
// | state     | from    | by                                                   |
// | --------- | ------- | ---------------------------------------------------- |
// | pending   |         | the constructor                                      |
// | succeeded | pending | setResult                                            |
// | failed    | pending | setException, the closing of the loop                |
// | cancelled | pending | cancel, a task that ends with CancelledError         |
//
// What is done stays as it is. Whoever waits is called through the loop, an iteration later; who comes late goes on at once.
import { awaitRefusal } from "./await-refusal.js";
import {
  enqueueAll,
  handOverLate,
  withCallback,
  withoutFunction,
  type Callback,
  type Callbacks,
} from "./callbacks.js";
import { CancelledError, makeCancelledError } from "./cancelled-error.js";
import { currentRun, requireLoop } from "./current.js";
import { DoneCallback } from "./done-callback.js";
import type { EventLoop } from "./event-loop.js";
import { abandon, handOver, internals, type LoopInternals } from "./internals.js";
import { invalidState } from "./invalid-state-error.js";
import { LoopClosedError } from "./loop-closed-error.js";
import { checkCallback } from "./loop-function.js";
import type { UnseenFailure } from "./unseen-failures.js";
import { Waiter, type Handler, type Receiver } from "./waiter.js";

type State = "pending" | "succeeded" | "failed" | "cancelled";

/** How a future is made. */
export interface FutureOptions {
  /** The loop that it belongs to; the running one unless given. */
  readonly loop?: EventLoop | undefined;
  /** What it stands for, in a few words: reports of what is stuck name it. */
  readonly description?: string | undefined;
}

/**
 * A result that comes later: somebody sets it, and whoever awaits the future gets it.
 *
 * An await registers with the task that awaits, however deep: cancelling the task cancels the future, and the await throws
 * CancelledError. It goes on one iteration of the loop after the future is done; at once where it is done already.
 *
 * Subclasses may override `cancel`, to do something first: a future may stay pending after it returned true, and end in any way.
 *
 * Source: asyncio; `then`, `catch` and `finally` are those of Promises/A+. Flavor: loop.
 *
 * @example
 * ```ts
 * import { Future, getRunningLoop, run } from "@trestle/loop";
 *
 * await run(async () => {
 *   const reply = new Future<string>({ description: "the reply" });
 *   getRunningLoop().callLater(10, () => reply.setResult("hello"));
 *   console.log(await reply);
 * });
 * ```
 */
export class Future<T> implements Promise<T> {
  readonly #loop: LoopInternals;
  readonly #description: string | undefined;
  #state: State = "pending";
  /** The value; the error; of a cancelled future the message, and later its CancelledError. */
  #result: unknown;
  #callbacks: Callbacks;
  #unseen: UnseenFailure | undefined;
  /** The last whom the loop was told to call. */
  #queued: Callback | undefined;

  /** @throws NoLoopError where no loop is given and none runs; LoopClosedError */
  constructor(options: FutureOptions = {}) {
    const loop = options.loop ?? requireLoop("make a Future");
    this.#loop = loop[internals];
    this.#description = options.description;
    if (loop.isClosed()) throw new LoopClosedError("make a Future");
  }

  get [Symbol.toStringTag](): string {
    return "Future";
  }

  /** The loop that the future belongs to. */
  get loop(): EventLoop {
    return this.#loop.place.loop;
  }

  /** What it stands for, for reports. */
  describe(): string {
    return this.#description ?? "a future";
  }

  /** Whether it has a result, has failed or was cancelled. */
  done(): boolean {
    return this.#state !== "pending";
  }

  /** Whether it was cancelled. */
  cancelled(): boolean {
    return this.#state === "cancelled";
  }

  /**
   * Gives the result.
   *
   * @throws the error of a future that failed; CancelledError; InvalidStateError while it is pending
   */
  result(): T {
    if (this.#state === "succeeded") return this.#result as T;
    if (this.#state === "pending") throw invalidState("get the result of", this, "it is pending");
    throw this.#error();
  }

  /**
   * Gives the error of a future that failed, and undefined of one that succeeded.
   *
   * @throws CancelledError where it was cancelled; InvalidStateError while it is pending
   */
  exception(): unknown {
    if (this.#state === "succeeded") return undefined;
    if (this.#state === "pending")
      throw invalidState("get the exception of", this, "it is pending");
    if (this.#state === "cancelled") throw this.#error();
    return this.#error();
  }

  /** Ends the future with a value. @throws InvalidStateError where it is done */
  setResult(value: T): void {
    this.#settle("succeeded", value, "set the result of");
  }

  /**
   * Ends the future with an error. Where nobody looks at it, it goes to the loop's exception handler: when the future is
   * collected, and at latest when the loop closes.
   *
   * @throws InvalidStateError where it is done
   */
  setException(error: unknown): void {
    this.#settle("failed", error, "set the exception of");
    this.#unseen = this.#loop.failures.enter(this, error, this.describe());
  }

  /**
   * Cancels: whoever awaits the future gets a CancelledError.
   *
   * @param message goes into the CancelledError
   * @returns whether that did anything: false where the future is done
   */
  cancel(message?: string): boolean {
    if (this.#state !== "pending") return false;
    this.#settle("cancelled", message, "cancel");
    return true;
  }

  /**
   * Has the loop call a function when the future is done; in the next iteration where it is done already. It is called in
   * the async context of the adding, in no task; what it throws goes to the loop's exception handler.
   *
   * @throws LoopClosedError; WrongFlavorError for an async or generator function
   */
  addDoneCallback(fn: (future: this) => unknown): void {
    checkCallback(fn, "add a done-callback");
    if (this.#loop.scheduler.isClosed) throw new LoopClosedError("add a done-callback");
    const callback = new DoneCallback(this, fn);
    if (this.#state === "pending") {
      this.#callbacks = withCallback(this.#callbacks, callback);
      callback.startWait();
    } else {
      this.#loop.scheduler.enqueue(callback);
    }
  }

  /** Takes back every done-callback that is this function, while the future is pending; gives how many there were. */
  removeDoneCallback(fn: (future: this) => unknown): number {
    const [left, removed] = withoutFunction(this.#callbacks, fn);
    this.#callbacks = left;
    return removed;
  }

  then<R1 = T, R2 = never>(
    onFulfilled?: Handler<T, R1>,
    onRejected?: Handler<unknown, R2>,
  ): Promise<R1 | R2> {
    const run = currentRun();
    const waiter = new Waiter(this, run ?? this.#loop.outside, onFulfilled, onRejected);
    if (this.#loop.scheduler.isClosed)
      this[abandon](new LoopClosedError(`wait for ${this.describe()}`));
    const refusal = this.#state === "pending" ? awaitRefusal(run, this) : undefined;
    if (refusal !== undefined) {
      waiter.breakOff(refusal, run?.loop);
    } else if (this.#state === "pending") {
      this.#callbacks = withCallback(this.#callbacks, waiter);
      waiter.startWait();
    } else {
      this.#queued = handOverLate(waiter, this.#queued, this.#loop.scheduler);
    }
    return waiter;
  }

  catch<R = never>(onRejected?: Handler<unknown, R>): Promise<T | R> {
    return this.then(undefined, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.then().finally(onFinally);
  }

  /** Ends a pending future with a CancelledError that somebody has thrown. */
  protected endCancelled(error: CancelledError): void {
    this.#settle("cancelled", error, "cancel");
  }

  /** Gives what it has to somebody who waited; a cancellation of the waiting comes first. */
  [handOver](waiter: Receiver, cancelled: CancelledError | undefined): void {
    if (this.#state === "succeeded") {
      if (cancelled === undefined) waiter.accept(this.#result);
      else waiter.refuse(cancelled);
      return;
    }
    const error = this.#error();
    waiter.refuse(cancelled === undefined || error instanceof CancelledError ? error : cancelled);
  }

  /** Ends the future by force, unless it is done: nobody will do it any more. */
  [abandon](error: unknown): void {
    if (this.#state === "pending") this.#settle("failed", error, "abandon");
  }

  #settle(state: State, result: unknown, action: string): void {
    if (this.#state !== "pending") throw invalidState(action, this, "it is done");
    this.#state = state;
    this.#result = result;
    const callbacks = this.#callbacks;
    this.#callbacks = undefined;
    this.#queued = enqueueAll(callbacks, this.#loop.scheduler);
  }

  /** The error of a future that failed or was cancelled; with this it has been looked at. */
  #error(): unknown {
    if (this.#unseen !== undefined) this.#loop.failures.strike(this.#unseen);
    this.#unseen = undefined;
    if (this.#state === "cancelled" && !(this.#result instanceof CancelledError)) {
      this.#result = makeCancelledError(this.#result as string | undefined);
    }
    return this.#result;
  }
}
