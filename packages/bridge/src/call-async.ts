import type { Abortion, Outcome } from "@trestle/host";
import type { EventLoop, LoopFunction, Task } from "@trestle/loop";
import type { Operation } from "@trestle/structured";
import {
  suspend,
  type ArmedWait,
  type Waiter,
  type WaitSource,
} from "@trestle/structured/lowlevel";
import { abandon } from "./abandoned.js";
import { FutureWait } from "./translate-cancel.js";

/**
 * What a cancellation of a call does beside cancelling the task over there: wait until that has ended, or let go of it.
 */
export type OnCancel = "wait" | "abandon";

/**
 * Runs an async function as a task of a loop, and waits for it as `waitForFuture` does.
 *
 * @param loop gives the loop; asked when the operation is run
 * @param what what is awaited, for reports
 */
export function callAsync<A extends unknown[], T>(
  loop: () => EventLoop,
  fn: LoopFunction<A, T>,
  args: A,
  what: string = asyncCallOf(fn?.name),
): Operation<T> {
  return suspend(new AsyncCall(loop, fn, args), what);
}

/** What a call of an async function of some name is, for reports. */
export function asyncCallOf(name: string): string {
  return `async function '${name || "anonymous"}'`;
}

class AsyncCall<A extends unknown[], T> implements WaitSource<T> {
  readonly #loop: () => EventLoop;
  readonly #fn: LoopFunction<A, T>;
  readonly #args: A;

  constructor(loop: () => EventLoop, fn: LoopFunction<A, T>, args: A) {
    this.#loop = loop;
    this.#fn = fn;
    this.#args = args;
  }

  arm(waiter: Waiter<T>): ArmedWait {
    return armCall(this.#loop(), this.#fn, this.#args, "wait", waiter);
  }
}

/**
 * Makes the task of a call, and waits for it.
 *
 * @param onCancel whether a cancellation, which cancels the task in any case, waits for the task's end
 */
export function armCall<A extends unknown[], T>(
  loop: EventLoop,
  fn: LoopFunction<A, T>,
  args: A,
  onCancel: OnCancel,
  waiter: Waiter<T>,
): ArmedWait {
  const task = loop.createTask(fn, ...args);
  return onCancel === "wait" ? new FutureWait(task, waiter) : new AbandonableWait(task, waiter);
}

/** Waits for a task that a cancellation lets go of. */
class AbandonableWait<T> implements ArmedWait, Waiter<T> {
  readonly #task: Task<T>;
  readonly #waiter: Waiter<T>;
  readonly #wait: FutureWait<T>;
  #isAbandoned = false;

  constructor(task: Task<T>, waiter: Waiter<T>) {
    this.#task = task;
    this.#waiter = waiter;
    this.#wait = new FutureWait(task, this);
  }

  resume(outcome: Outcome<T>): void {
    if (!this.#isAbandoned) this.#waiter.resume(outcome);
  }

  abort(cancelled: unknown): Abortion {
    this.#isAbandoned = true;
    this.#wait.abort(cancelled);
    abandon(this.#task);
    return "withdrawn";
  }
}
