// The one place where a cancellation of one flavor becomes one of the other.
//
//   structured → loop   a cancelled scope cancels the Future once, and waits until it is done:
//                         cancelled then      Cancelled, the very one that the scope gave
//                         value or error      wins; the scope's next checkpoint throws
//                         cancelled by others  CancelledError, an ordinary error
//                       a loop that stands still says nothing: there a wait that was begun before ends when it is cancelled, or
//                       was before the loop came to its stand, and one that begins fails; the shutdown sees to the rest
//   loop → structured   cancelling the Future cancels the structured task's scope; the Future stays pending until the task
//                       has ended:
//                         ended cancelled     the Future is cancelled, with the message that was given
//                         value or error      wins
import { failure, success, type Abortion, type Outcome, type Release } from "@trestle/host";
import { Future, LoopStoppedError, whenDone, type EventLoop } from "@trestle/loop";
import { CancelScope, isCancelled, type Operation } from "@trestle/structured";
import {
  microtaskDoor,
  outsideOfTask,
  type ArmedWait,
  type MicrotaskDoor,
  type Waiter,
  type WaitSource,
} from "@trestle/structured/lowlevel";
import { stopOf, type LoopStop } from "./loop-stop.js";

/** A wait of the structured flavor for a Future, which it owns: the wait's cancellation is the Future's. */
export function waitForFuture<T>(future: Future<T>): WaitSource<T> {
  return { arm: (waiter) => new FutureWait(future, waiter) };
}

/** One such wait, armed as it is made. */
export class FutureWait<T> implements ArmedWait {
  readonly #future: Future<T>;
  readonly #waiter: Waiter<T>;
  #through: MicrotaskDoor | undefined;
  #cancelled: unknown;
  #isOver = false;
  #forget: Release | undefined;

  constructor(future: Future<T>, waiter: Waiter<T>) {
    this.#future = future;
    this.#waiter = waiter;
    if (future.done() && !future.loop.isRunning()) {
      this.wake();
    } else if (stopIn(future.loop)?.standsStill === true) {
      waiter.resume(failure(new LoopStoppedError(future.describe())));
    } else {
      this.#through = microtaskDoor();
      whenDone(future, goThrough, this as FutureWait<unknown>);
    }
  }

  /** The loop says that the Future is done. */
  goThrough(): void {
    this.#through?.(this);
  }

  /** The Future is done, or will not be. */
  wake(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forget?.();
    this.#waiter.resume(outcomeOf(this.#future, this.#cancelled));
  }

  abort(cancelled: unknown): Abortion {
    const { loop } = this.#future;
    this.#cancelled = cancelled;
    const message = cancelled instanceof Error ? cancelled.message : undefined;
    // It is not the structured task that does what a cancellation sets off over there.
    outsideOfTask(() => loop.enter(() => this.#future.cancel(message)));
    this.#isOver = !loop.isRunning();
    if (this.#isOver) return "withdrawn";
    this.#forget = stopIn(loop)?.whenStill(() => this.wake());
    return "committed";
  }
}

function goThrough(wait: FutureWait<unknown>): void {
  wait.goThrough();
}

/** The stop of a hosted loop: one that was stopped by hand would not tell of the Future before its block ends. */
function stopIn(loop: EventLoop): LoopStop | undefined {
  return (loop as { readonly [stopOf]?: LoopStop })[stopOf];
}

function outcomeOf<T>(future: Future<T>, cancelled: unknown): Outcome<T> {
  // The loop stands still: what was cancelled is let go of.
  if (!future.done()) return failure(cancelled);
  try {
    return success(future.result());
  } catch (error) {
    return failure(future.cancelled() && cancelled !== undefined ? cancelled : error);
  }
}

/** What a structured call is cancelled by: the scope that it runs in, or its task. */
export interface Canceller {
  cancel(reason?: unknown): void;
}

/** A structured call as the loop flavor sees it: queued, then running, then done. */
export class StructuredCall<T> extends Future<T> {
  #canceller: Canceller | undefined;
  #isAsked = false;
  #message: string | undefined;

  /**
   * Cancels the structured task, and answers true; the Future is done when the task has ended. Before the task has started
   * the Future is cancelled at once, and the task never runs.
   */
  override cancel(message?: string): boolean {
    if (this.done()) return false;
    if (this.#canceller === undefined) return super.cancel(message);
    if (!this.#isAsked) this.#message = message;
    this.#isAsked = true;
    this.#canceller.cancel(message);
    return true;
  }

  /** Runs the operation in a scope of its own, in a task that does other things, too. */
  *host(body: () => Operation<T>): Operation<void> {
    const scope = new CancelScope();
    if (!this.begins(scope)) return;
    try {
      const { value, cancelledCaught } = yield* scope.run(body);
      if (cancelledCaught) super.cancel(this.#message);
      else this.succeeds(value);
    } catch (error) {
      this.fails(error);
    }
  }

  /** What the call is for begins. Answers false where the call was cancelled before: then it must not. */
  protected begins(canceller: Canceller): boolean {
    if (this.done()) return false;
    this.#canceller = canceller;
    return true;
  }

  /** It has ended with a value. */
  protected succeeds(value: T): void {
    if (!this.done()) this.setResult(value);
  }

  /** It has ended with an error; throws the one that is its task's, too. */
  protected fails(error: unknown): void {
    if (isCancelled(error)) {
      super.cancel(this.#message);
      throw error;
    }
    if (!this.done()) this.setException(error);
  }
}
