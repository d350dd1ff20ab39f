// A result that comes later.
//
// | state     | from    | by                                                   |
// | --------- | ------- | ---------------------------------------------------- |
// | pending   |         | the constructor                                      |
// | succeeded | pending | setResult                                            |
// | failed    | pending | setException, the closing of the loop                |
// | cancelled | pending | cancel, a task that ends with CancelledError         |
//
// No other way leads anywhere: what is done stays as it is. Whoever waits is called through the loop, an iteration later;
// an await of a future that is done goes on without the loop.
import type { EventLoop } from "./event-loop.js";
import { makeCancelledError, CancelledError } from "./cancelled-error.js";
import { captureAt, currentPlace, requireLoop } from "./current.js";
import { DoneCallback } from "./done-callback.js";
import { abandon, handOver, internals, type LoopInternals } from "./internals.js";
import { InvalidStateError } from "./invalid-state-error.js";
import { LoopClosedError } from "./loop-closed-error.js";
import { checkCallback } from "./loop-function.js";
import type { Ready } from "./ready.js";
import { SelfAwaitError } from "./self-await-error.js";
import type { UnseenFailure } from "./unseen-failures.js";
import { Waiter, type Handler, type Receiver } from "./waiter.js";
import type { Wait, WaitOwner } from "./waits.js";
import { WrongLoopError } from "./wrong-loop-error.js";

const PENDING = 0;
const SUCCEEDED = 1;
const FAILED = 2;
const CANCELLED = 3;

type State = typeof PENDING | typeof SUCCEEDED | typeof FAILED | typeof CANCELLED;
type Callback = Ready & Wait;

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
 * CancelledError. Awaiting a pending future goes on one iteration of the loop after it is done, awaiting a future that is done
 * goes on at once.
 *
 * Subclasses may override `cancel`, to do something about the cancellation first: a future may well stay pending after it
 * returned true, and end later in any way.
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
  #state: State = PENDING;
  /** The value; the error; of a cancelled future the message, and later its CancelledError. */
  #result: unknown;
  #callbacks: Callback | Callback[] | undefined;
  #unseen: UnseenFailure | undefined;

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
    return this.#state !== PENDING;
  }

  /** Whether it was cancelled. */
  cancelled(): boolean {
    return this.#state === CANCELLED;
  }

  /**
   * Gives the result.
   *
   * @throws the error of a future that failed; CancelledError; InvalidStateError while it is pending
   */
  result(): T {
    if (this.#state === SUCCEEDED) return this.#result as T;
    if (this.#state === PENDING) throw this.#invalid("get the result of", "it is pending");
    throw this.#error();
  }

  /**
   * Gives the error of a future that failed, and undefined of one that succeeded.
   *
   * @throws CancelledError where it was cancelled; InvalidStateError while it is pending
   */
  exception(): unknown {
    if (this.#state === SUCCEEDED) return undefined;
    if (this.#state === PENDING) throw this.#invalid("get the exception of", "it is pending");
    const error = this.#error();
    if (this.#state === CANCELLED) throw error;
    return error;
  }

  /**
   * Ends the future with a value. Whoever awaits it goes on in the loop's next iteration.
   *
   * @throws InvalidStateError where it is done
   */
  setResult(value: T): void {
    this.#settle(SUCCEEDED, value, "set the result of");
  }

  /**
   * Ends the future with an error. Where nobody looks at it, it goes to the loop's exception handler: when the future is
   * collected, and at latest when the loop closes.
   *
   * @throws InvalidStateError where it is done
   */
  setException(error: unknown): void {
    this.#settle(FAILED, error, "set the exception of");
    this.#unseen = this.#loop.failures.enter(this, error, this.describe());
  }

  /**
   * Cancels: whoever awaits the future gets a CancelledError.
   *
   * @param message goes into the CancelledError
   * @returns whether that did anything: false where the future is done
   */
  cancel(message?: string): boolean {
    if (this.#state !== PENDING) return false;
    this.#settle(CANCELLED, message, "cancel");
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
    const callback = new DoneCallback(this, fn, captureAt(this.#loop.place));
    if (this.#state === PENDING) {
      this.#add(callback);
      callback.startWait();
    } else {
      this.#loop.scheduler.enqueue(callback);
    }
  }

  /** Takes back every done-callback that is this function, while the future is pending; gives how many there were. */
  removeDoneCallback(fn: (future: this) => unknown): number {
    const callbacks = toArray(this.#callbacks);
    const removed = callbacks.filter((callback) => callback instanceof DoneCallback && callback.fn === fn);
    if (removed.length === 0) return 0;
    for (const callback of removed) (callback as DoneCallback).withdraw();
    this.#callbacks = callbacks.filter((callback) => !removed.includes(callback));
    return removed.length;
  }

  then<R1 = T, R2 = never>(onFulfilled?: Handler<T, R1>, onRejected?: Handler<unknown, R2>): Promise<R1 | R2> {
    const place = currentPlace();
    const run = place?.run;
    const isOwned = run !== undefined && !run.task.done();
    const owner: WaitOwner = isOwned ? run : this.#loop.outside;
    const waiter = new Waiter(this, owner, onFulfilled, onRejected);
    if (this.#state === PENDING && this.#loop.scheduler.isClosed) this[abandon](new LoopClosedError(`wait for ${this.describe()}`));
    if (this.#state !== PENDING) {
      waiter.handOverSoon();
    } else if (isOwned && run.loop !== this.loop) {
      waiter.breakOff(new WrongLoopError(`await ${this.describe()} in ${run.task.describe()}`));
    } else if (isOwned && (run.task as unknown) === this) {
      waiter.breakOff(new SelfAwaitError(this.describe()));
    } else {
      this.#add(waiter);
      waiter.startWait();
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
    this.#settle(CANCELLED, error, "cancel");
  }

  /** Gives what the future has to somebody who waited; a cancellation of the waiting comes first. */
  [handOver](waiter: Receiver, cancelled: CancelledError | undefined): void {
    if (this.#state === SUCCEEDED) {
      if (cancelled === undefined) waiter.accept(this.#result);
      else waiter.refuse(cancelled);
      return;
    }
    const error = this.#error();
    waiter.refuse(cancelled === undefined || error instanceof CancelledError ? error : cancelled);
  }

  /** Ends the future by force, unless it is done: nobody will do it any more. */
  [abandon](error: unknown): void {
    if (this.#state === PENDING) this.#settle(FAILED, error, "abandon");
  }

  #add(callback: Callback): void {
    const callbacks = this.#callbacks;
    if (callbacks === undefined) this.#callbacks = callback;
    else if (Array.isArray(callbacks)) callbacks.push(callback);
    else this.#callbacks = [callbacks, callback];
  }

  #settle(state: State, result: unknown, action: string): void {
    if (this.#state !== PENDING) throw this.#invalid(action, "it is done");
    this.#state = state;
    this.#result = result;
    const callbacks = this.#callbacks;
    if (callbacks === undefined) return;
    this.#callbacks = undefined;
    const { scheduler } = this.#loop;
    if (Array.isArray(callbacks)) for (const callback of callbacks) scheduler.enqueue(callback);
    else scheduler.enqueue(callbacks);
  }

  /** The error of a future that failed or was cancelled; with this it has been looked at. */
  #error(): unknown {
    if (this.#state === CANCELLED) {
      if (!(this.#result instanceof CancelledError)) this.#result = makeCancelledError(this.#result as string | undefined);
    } else if (this.#unseen !== undefined) {
      this.#loop.failures.strike(this.#unseen);
      this.#unseen = undefined;
    }
    return this.#result;
  }

  #invalid(action: string, cause: string): InvalidStateError {
    return new InvalidStateError(
      `Cannot ${action} ${this.describe()}: ${cause}.\nAsk 'done()' first, or await it; a future is done once and for all.`,
    );
  }
}

function toArray(callbacks: Callback | Callback[] | undefined): Callback[] {
  if (callbacks === undefined) return [];
  return Array.isArray(callbacks) ? callbacks : [callbacks];
}
