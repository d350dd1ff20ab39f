import { platformHost, type Host, type Release } from "@trestle/host";
import { cancelTasks } from "./cancel-tasks.js";
import { checkDuration, checkInstant } from "./check-time.js";
import { closeLoop } from "./close-loop.js";
import { runAt, useAsyncContext } from "./current.js";
import { Driver } from "./driver.js";
import { ensureFuture, type Work } from "./ensure-future.js";
import type { ExceptionContext, ExceptionHandler } from "./exception-context.js";
import { Future } from "./future.js";
import { ScheduledCall, type Handle, type TimerHandle } from "./handle.js";
import { internals, type LoopInternals } from "./internals.js";
import { LoopClosedError } from "./loop-closed-error.js";
import { checkCallback, type LoopFunction } from "./loop-function.js";
import { LoopRunningError } from "./loop-running-error.js";
import { LoopStoppedError } from "./loop-stopped-error.js";
import { Task } from "./task.js";
import { FailureBook } from "./unseen-failures.js";
import { OutsideWaits } from "./waits.js";

/** How a loop lives. */
export interface EventLoopOptions {
  /** What it takes time and turns from; the platform's event loop unless given. Tests give a VirtualHost. */
  readonly host?: Host;
}

/**
 * An event loop: it runs callbacks one at a time, first in, first out, and tasks as callbacks that go on at each await. Between
 * two callbacks all microtasks run. `run` makes one, runs it and closes it; make your own to hold one for longer.
 *
 * Source: asyncio. Flavor: loop; `callSoon`, `createFuture` and `createTask` may be called from anywhere in the thread.
 *
 * @example
 * ```ts
 * import { EventLoop, sleep } from "@trestle/loop";
 *
 * const loop = new EventLoop();
 * loop.callLater(10, () => console.log("ten milliseconds later"));
 * await loop.runUntilComplete(() => sleep(20));
 * await loop.close();
 * ```
 */
export class EventLoop {
  /** What the loop takes time and turns from. */
  readonly host: Host;
  readonly [internals]: LoopInternals;
  readonly #driver: Driver;
  readonly #leaveContext: Release = useAsyncContext();
  #handler: ExceptionHandler | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: EventLoopOptions = {}) {
    this.host = options.host ?? platformHost();
    this.#driver = new Driver(this.host);
    this[internals] = {
      scheduler: this.#driver.scheduler,
      place: { loop: this, task: undefined, run: undefined },
      tasks: this.#driver.tasks,
      outside: new OutsideWaits(),
      failures: new FailureBook((exception, what) => {
        this.callExceptionHandler({
          message: `Nobody looked at the failure of ${what}`,
          exception,
        });
      }),
    };
  }

  /** The loop's time in milliseconds: that of its host. */
  time(): number {
    return this.host.now();
  }

  /**
   * Calls a function in the loop's next iteration, in the caller's async context but in no task. What it throws goes to the
   * exception handler.
   *
   * @throws LoopClosedError; WrongFlavorError for an async function, which nobody would await
   */
  callSoon<A extends unknown[]>(fn: (...args: A) => unknown, ...args: A): Handle {
    this.#checkCall(fn, "call soon");
    const call = new ScheduledCall(this, Number.NEGATIVE_INFINITY, fn, args);
    this[internals].scheduler.enqueue(call);
    return call;
  }

  /**
   * Calls a function after `ms` milliseconds or later; otherwise like `callSoon`.
   *
   * @throws LoopClosedError; ArgumentError for a negative or NaN time; WrongFlavorError
   */
  callLater<A extends unknown[]>(ms: number, fn: (...args: A) => unknown, ...args: A): TimerHandle {
    return this.callAt(this.time() + checkDuration(ms, "call later"), fn, ...args);
  }

  /**
   * Calls a function at an instant of `time()` or later; otherwise like `callSoon`. Equal instants keep their order.
   *
   * @throws LoopClosedError; ArgumentError for a NaN time; WrongFlavorError
   */
  callAt<A extends unknown[]>(at: number, fn: (...args: A) => unknown, ...args: A): TimerHandle {
    this.#checkCall(fn, "call later");
    checkInstant(at, "call a function");
    const call = new ScheduledCall(this, at, fn, args);
    this[internals].scheduler.addTimer(call);
    return call;
  }

  /**
   * Makes a future that somebody else settles.
   *
   * @param description what it stands for, in a few words: reports of what is stuck name it
   */
  createFuture<T>(description?: string): Future<T> {
    return new Future<T>({ loop: this, description });
  }

  /**
   * Makes a task that calls the function in the loop's next iteration, in the caller's async context.
   *
   * @throws LoopClosedError; WrongFlavorError for a function of the structured flavor, or none
   */
  createTask<A extends unknown[], T>(fn: LoopFunction<A, T>, ...args: A): Task<T> {
    return new Task<T>(this, fn as LoopFunction<unknown[], T>, args);
  }

  /** Runs the loop until `stop`. */
  async runForever(): Promise<void> {
    this.#checkAtRest("run the event loop");
    await this.#driver.run("'stop' is called");
  }

  /**
   * Runs the loop until the work is done, and gives its value. Whatever else is alive then stays and waits for the next run.
   *
   * @param work a Future, a promise, or a function to run as a task
   * @throws the work's error; LoopStoppedError where the loop was stopped before
   */
  async runUntilComplete<T>(work: Work<T>): Promise<T> {
    this.#checkAtRest("run the event loop");
    const future = ensureFuture(work, this);
    const stop = (): void => this.stop();
    future.addDoneCallback(stop);
    await this.#driver.run(`${future.describe()} is done`);
    future.removeDoneCallback(stop);
    if (!future.done()) throw new LoopStoppedError(future.describe());
    return future.result();
  }

  /** Stops the run after the iteration that runs now; a loop that rests runs what is ready once more. */
  stop(): void {
    this.#driver.scheduler.stop();
  }

  isRunning(): boolean {
    return this.#driver.scheduler.isRunning;
  }

  isClosed(): boolean {
    return this.#driver.scheduler.isClosed;
  }

  /**
   * Cancels every task that is alive, once, and those that they make while they unwind; the future is done when all have
   * ended. The loop has to run meanwhile. A task that calls this is left out.
   */
  cancelAllTasks(): Future<void> {
    return cancelTasks(this);
  }

  /**
   * Closes the loop for good. Callbacks that are ready run, and nothing that they add; timers never fire. What still waits for
   * a future of the loop gets a LoopClosedError; failures that nobody looked at go to the exception handler.
   *
   * @throws LoopRunningError while it runs
   */
  close(): Promise<void> {
    if (this.isRunning() && this.#closing === undefined) {
      return Promise.reject(
        new LoopRunningError("close the event loop", "Call 'stop', and await the run."),
      );
    }
    this.#closing ??= closeLoop(this.#driver, this[internals]).finally(this.#leaveContext);
    return this.#closing;
  }

  /**
   * Calls a function as a callback of the loop would be: the loop is the current one, and no task is. For code outside that
   * enters the loop.
   */
  enter<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R {
    return runAt(this[internals].place, fn, args);
  }

  /** The handler that `setExceptionHandler` has set. */
  getExceptionHandler(): ExceptionHandler | undefined {
    return this.#handler;
  }

  /** Sets who is told of errors that nobody else can be told of; undefined for the default, which prints them. */
  setExceptionHandler(handler: ExceptionHandler | undefined): void {
    if (handler !== undefined) checkCallback(handler, "set the exception handler");
    this.#handler = handler;
  }

  /** Tells the exception handler. It throws nothing, whatever the handler does. */
  callExceptionHandler(context: ExceptionContext): void {
    try {
      if (this.#handler === undefined) this.defaultExceptionHandler(context);
      else this.#handler(this, context);
    } catch (error) {
      printFailure("The exception handler failed", error);
      printFailure(context.message, context.exception);
    }
  }

  /** Prints the message and the error. Subclasses may do something else. */
  defaultExceptionHandler(context: ExceptionContext): void {
    printFailure(context.message, context.exception);
  }

  #checkCall(fn: unknown, action: string): void {
    checkCallback(fn, action);
    if (this.isClosed()) throw new LoopClosedError(action);
  }

  #checkAtRest(action: string): void {
    if (this.isClosed()) throw new LoopClosedError(action);
    if (this.isRunning())
      throw new LoopRunningError(
        action,
        "Await what it runs for; to start more, call 'createTask'.",
      );
  }
}

function printFailure(message: string, exception: unknown): void {
  // oxlint-disable-next-line no-console -- there is nobody else to tell
  console.error(`${message}:`, exception);
}
