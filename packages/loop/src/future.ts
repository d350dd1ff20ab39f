import { isAwaitCall, readerOfThen } from "./await-call.js";
import { awaitRefusal } from "./await-refusal.js";
import type { CancelledError } from "./cancelled-error.js";
import { currentRun, keepContext, requireLoop, type Context } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import { FutureCore } from "./future-core.js";
import { FutureStacks } from "./future-stacks.js";
import { core, internals } from "./internals.js";
import { invalidState } from "./invalid-state-error.js";
import { LoopClosedError } from "./loop-closed-error.js";
import { checkCallback } from "./loop-function.js";
import { stackAbove } from "./source-stack.js";
import { Waiter, type Handler } from "./waiter.js";

/** How a future is made. */
export interface FutureOptions {
  /** The loop that it belongs to; the running one unless given. */
  readonly loop?: EventLoop | undefined;
  /** What it stands for, in a few words: reports of what is stuck name it. */
  readonly description?: string | undefined;
}

/** An async context to run something in. */
export interface ContextOption {
  /** An AsyncResource of `node:async_hooks`, which keeps the context of its making; that of the caller unless given. */
  readonly context?: Context | undefined;
}

/**
 * A result that comes later: somebody sets it, and whoever awaits the future gets it.
 *
 * An await registers with the task that awaits, however deep: cancelling the task cancels the future, and the await throws
 * CancelledError. It goes on one iteration of the loop after the future is done; at once where it is done already.
 *
 * Subclasses may override `cancel`, to do something first: a future may stay pending after it returned true, and end in any way.
 * `then` is an accessor, also in a subclass that overrides it.
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
  readonly [core]: FutureCore;

  /** @throws NoLoopError where no loop is given and none runs; LoopClosedError */
  constructor(options: FutureOptions = {}) {
    const inside = (options.loop ?? requireLoop("make a Future"))[internals];
    if (inside.scheduler.isClosed) throw new LoopClosedError("make a Future");
    this[core] = new FutureCore(inside, this, options.description);
    if (inside.debug.isOn) this[core].stacks = new FutureStacks(this, stackAbove(new.target));
  }

  get [Symbol.toStringTag](): string {
    return "Future";
  }

  /** The loop that the future belongs to. */
  get loop(): EventLoop {
    return this[core].loop.place.loop;
  }

  /** What it stands for, for reports. */
  describe(): string {
    return this[core].description ?? "a future";
  }

  /** Whether it has a result, has failed or was cancelled. */
  done(): boolean {
    return this[core].state !== "pending";
  }

  /** Whether it was cancelled. */
  cancelled(): boolean {
    return this[core].state === "cancelled";
  }

  /**
   * Gives the result.
   *
   * @throws the error of a future that failed; CancelledError; InvalidStateError while it is pending
   */
  result(): T {
    const { state } = this[core];
    if (state === "pending") throw invalidState("get the result of", this, "it is pending");
    if (state !== "succeeded") throw this[core].error;
    return this[core].value as T;
  }

  /**
   * Gives the error of a future that failed, and undefined of one that succeeded.
   *
   * @throws CancelledError where it was cancelled; InvalidStateError while it is pending
   */
  exception(): unknown {
    const { state } = this[core];
    if (state === "pending") throw invalidState("get the exception of", this, "it is pending");
    if (state === "cancelled") throw this[core].error;
    return state === "failed" ? this[core].error : undefined;
  }

  /**
   * Ends the future with a value. Whoever awaits it goes on in the loop's next iteration.
   *
   * @throws InvalidStateError where it is done
   */
  setResult(value: T): void {
    this[core].settle("succeeded", value, "set the result of");
  }

  /**
   * Ends the future with an error. Where nobody looks at it, it goes to the loop's exception handler: when the future is
   * collected, and at latest when the loop closes.
   *
   * @throws InvalidStateError where it is done
   */
  setException(error: unknown): void {
    this[core].fail(error);
  }

  /**
   * Cancels: whoever awaits the future gets a CancelledError.
   *
   * @param message goes into the CancelledError
   * @returns whether that did anything: false where the future is done
   */
  cancel(message?: string): boolean {
    if (this[core].state !== "pending") return false;
    this[core].settle("cancelled", message, "cancel");
    return true;
  }

  /**
   * Has the loop call a function when the future is done; in the next iteration where it is done already. It is called in
   * the async context of the adding, in no task; what it throws goes to the loop's exception handler.
   *
   * @param options `context` is another async context to call it in
   * @throws LoopClosedError; WrongFlavorError for an async or generator function
   */
  addDoneCallback(fn: (future: this) => unknown, options?: ContextOption): void {
    checkCallback(fn, "add a done-callback");
    this[core].whenDone(fn, options?.context ?? keepContext());
  }

  /** Takes back every done-callback that is this function, while the future is pending; gives how many there were. */
  removeDoneCallback(fn: (future: this) => unknown): number {
    return this[core].forget(fn);
  }

  // An accessor, to know who reads it: see await-call.ts.
  get then(): Promise<T>["then"] {
    this[core].reader = readerOfThen();
    return thenOfFutures;
  }

  catch<R = never>(onRejected?: Handler<unknown, R>): Promise<T | R> {
    return this.then(undefined, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.then().finally(onFinally);
  }

  /** Ends a pending future with a CancelledError that somebody has thrown. */
  protected endCancelled(error: CancelledError): void {
    this[core].settle("cancelled", error, "cancel");
  }
}

/** What stands on the stack while somebody calls `then`. */
function thenOfFutures<T, R1 = T, R2 = never>(
  this: Future<T>,
  onFulfilled?: Handler<T, R1>,
  onRejected?: Handler<unknown, R2>,
): Promise<R1 | R2> {
  const inside = this[core];
  const run = currentRun();
  const owner = run ?? inside.loop.outside;
  const context = isAwaitCall(inside.takeReader()) ? undefined : keepContext();
  const waiter = new Waiter<T, R1, R2>(inside, owner, onFulfilled, onRejected, context);
  if (inside.stacks !== undefined) waiter.stack = inside.stacks.take(thenOfFutures);
  const refusal = run === undefined ? undefined : awaitRefusal(run, inside);
  if (refusal === undefined) inside.wait(waiter);
  else waiter.breakOff(refusal, run?.loop);
  return waiter;
}
