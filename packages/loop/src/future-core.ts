// The inside of a future: its state, and who waits for it.
//
// | state     | from    | by                                                   |
// | --------- | ------- | ---------------------------------------------------- |
// | pending   |         | the constructor                                      |
// | succeeded | pending | setResult                                            |
// | failed    | pending | setException, the closing of the loop                |
// | cancelled | pending | cancel, a task that ends with CancelledError         |
//
// What is done stays as it is. Whoever waits is called through the loop, an iteration later; who comes late goes on at once.
//
// It is an object of its own because futures come in many classes: code that meets them all would look each field up in a
// different place, several times slower.
import { enqueueAll, handOverLate, withCallback, withoutFunction } from "./callbacks.js";
import type { Callback, Callbacks } from "./callbacks.js";
import { CancelledError, makeCancelledError } from "./cancelled-error.js";
import type { Context } from "./current.js";
import { CrossingCallback } from "./crossing-callback.js";
import { DoneCallback } from "./done-callback.js";
import type { FutureStacks } from "./future-stacks.js";
import type { Future } from "./future.js";
import type { LoopInternals } from "./internals.js";
import { invalidState } from "./invalid-state-error.js";
import { LoopClosedError } from "./loop-closed-error.js";
import type { UnseenFailure } from "./unseen-failures.js";
import { Waiter, type Receiver } from "./waiter.js";

export type FutureState = "pending" | "succeeded" | "failed" | "cancelled";

/** The state of a future, and who waits for it. */
export class FutureCore {
  readonly loop: LoopInternals;
  readonly future: Future<unknown>;
  readonly description: string | undefined;
  /** In debug mode. */
  stacks: FutureStacks | undefined;
  /** Whether it is done when certain tasks have ended: then a deadlock lies there, and not here. */
  isDerived = false;
  /** Whether each wait takes an iteration of the loop, though it is done. */
  isPause = false;
  /** What executed when `then` was read last, until it is called. */
  reader: number | undefined;
  #state: FutureState = "pending";
  /** The value; the error; of a cancelled future the message, and later its CancelledError. */
  #result: unknown;
  #callbacks: Callbacks;
  /** The last whom the loop was told to call. */
  #queued: Callback | undefined;
  #unseen: UnseenFailure | undefined;

  constructor(loop: LoopInternals, future: Future<unknown>, description: string | undefined) {
    this.loop = loop;
    this.future = future;
    this.description = description;
  }

  get state(): FutureState {
    return this.#state;
  }

  /** The value of a future that succeeded. */
  get value(): unknown {
    return this.#result;
  }

  /** The error of a future that failed or was cancelled; with this it has been looked at. */
  get error(): unknown {
    if (this.#unseen !== undefined) this.loop.failures.strike(this.#unseen);
    this.#unseen = undefined;
    if (this.#state === "cancelled" && !(this.#result instanceof CancelledError)) {
      this.#result = makeCancelledError(this.#result as string | undefined);
    }
    return this.#result;
  }

  /** Gives what has read `then`; undefined where nobody knows. In debug mode it is read by another way. */
  takeReader(): number | undefined {
    const { reader } = this;
    this.reader = undefined;
    return this.stacks === undefined ? reader : undefined;
  }

  /**
   * Ends the future; throws InvalidStateError, which names the action, where it is done.
   *
   * @param turn the scheduler's turn that the end belongs to: whoever waits goes on in it where nothing else is ready
   */
  settle(state: FutureState, result: unknown, action: string, turn?: number): void {
    if (this.#state !== "pending") throw invalidState(action, this.future, "it is done");
    this.#state = state;
    this.#result = result;
    const callbacks = this.#callbacks;
    this.#callbacks = undefined;
    if (turn !== undefined && callbacks instanceof Waiter) {
      this.loop.scheduler.enqueueInTurn(callbacks, turn);
      this.#queued = callbacks;
    } else if (turn !== undefined && callbacks instanceof CrossingCallback) {
      this.loop.scheduler.enqueueInMicrotask(callbacks);
      this.#queued = callbacks;
    } else {
      this.#queued = enqueueAll(callbacks, this.loop.scheduler);
    }
  }

  /** Ends the future with an error, which goes to the exception handler where nobody looks at it. */
  fail(error: unknown, turn?: number): void {
    // Before the end: who waits may look at the error while he is told.
    if (this.#state === "pending") {
      this.#unseen = this.loop.failures.enter(
        this.future,
        error,
        this.future.describe(),
        this.stacks?.made,
      );
    }
    this.settle("failed", error, "set the exception of", turn);
  }

  /** Ends the future by force, unless it is done: nobody will do it any more. */
  abandon(error: unknown): void {
    if (this.#state === "pending") this.settle("failed", error, "abandon");
  }

  /** Has somebody called when the future is done; where it is, with what it has. */
  wait(waiter: Waiter<never, unknown, unknown>): void {
    if (this.loop.scheduler.isClosed) {
      this.abandon(new LoopClosedError(`wait for ${this.future.describe()}`));
    }
    if (this.#state === "pending") {
      this.#callbacks = withCallback(this.#callbacks, waiter);
      waiter.startWait();
    } else if (this.isPause && !this.loop.scheduler.isClosed) {
      waiter.startWait();
      this.loop.scheduler.enqueue(waiter);
    } else {
      this.#queued = handOverLate(waiter, this.#queued, this.loop.scheduler);
    }
  }

  /** Has a function called when the future is done: somebody's, in a context, or without one this package's own. */
  whenDone(fn: (future: never) => unknown, context?: Context): void {
    this.tell(new DoneCallback(this, fn, context));
  }

  /** Has a callback called when the future is done. */
  tell(callback: DoneCallback | CrossingCallback): void {
    if (this.loop.scheduler.isClosed) throw new LoopClosedError("add a done-callback");
    if (this.#state === "pending") {
      this.#callbacks = withCallback(this.#callbacks, callback);
      callback.startWait();
    } else {
      this.loop.scheduler.enqueue(callback);
    }
  }

  /** Forgets a function; gives how often it was there. */
  forget(fn: unknown): number {
    const [left, removed] = withoutFunction(this.#callbacks, fn);
    this.#callbacks = left;
    return removed;
  }

  /** Gives what the future has to somebody who waited; a cancellation of the waiting comes first. */
  handOver(receiver: Receiver, cancelled: CancelledError | undefined): void {
    if (this.#state !== "succeeded") {
      const { error } = this;
      const isCancelled = cancelled === undefined || error instanceof CancelledError;
      receiver.refuse(isCancelled ? error : cancelled);
    } else if (cancelled === undefined) {
      receiver.accept(this.#result);
    } else {
      receiver.refuse(cancelled);
    }
  }
}
