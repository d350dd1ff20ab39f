// The part of an event loop that the code in it uses: callbacks, futures, tasks, and the reports of errors. PluggedEventLoop
// adds the world outside, and EventLoop how a loop is run and closed. Nothing else extends the first two.
import { platformHost, type Host } from "@trestle/host";
import { checkHost } from "./check-host.js";
import { checkDuration, checkInstant } from "./check-time.js";
import { currentEra, currentLoop, runAt } from "./current.js";
import { DebugMode, isDebugWanted } from "./debug-mode.js";
import { Driver } from "./driver.js";
import type { EventLoop } from "./event-loop.js";
import type { ExceptionContext, ExceptionHandler } from "./exception-context.js";
import { Future } from "./future.js";
import { ScheduledCall, type Handle, type TimerHandle } from "./handle.js";
import { internals, type LoopInternals } from "./internals.js";
import { LoopClosedError } from "./loop-closed-error.js";
import { checkCallback, type LoopFunction } from "./loop-function.js";
import type { TaskFactory } from "./task-factory.js";
import { splitTaskCall, type TaskCall, type TaskOptions } from "./task-options.js";
import { Task } from "./task.js";
import { FailureBook } from "./unseen-failures.js";
import { OutsideWaits } from "./waits.js";
import { WrongLoopError } from "./wrong-loop-error.js";

const CALL_SOON = "call soon";

/** What code in a loop uses of it. */
export abstract class BaseEventLoop {
  /** What the loop takes time and turns from. */
  readonly host: Host;
  readonly [internals]: LoopInternals;
  #handler: ExceptionHandler | undefined;
  #taskFactory: TaskFactory | undefined;

  constructor(host: Host = platformHost()) {
    this.host = checkHost(host);
    const driver = new Driver(host);
    this[internals] = {
      driver,
      era: currentEra(),
      scheduler: driver.scheduler,
      place: { loop: this.self, task: undefined, run: undefined },
      tasks: driver.tasks,
      outside: new OutsideWaits(),
      failures: new FailureBook((exception, what, sourceStack) => {
        const message = `Nobody looked at the failure of ${what}`;
        this.callExceptionHandler({ message, exception, sourceStack });
      }),
      debug: new DebugMode(host, driver.scheduler),
    };
    this.setDebug(isDebugWanted());
  }

  /** The loop's time in milliseconds: that of its host. */
  time(): number {
    return this.host.now();
  }

  /** Whether the loop was closed. */
  isClosed(): boolean {
    return this[internals].scheduler.isClosed;
  }

  /**
   * Calls a function in the loop's next iteration, in the caller's async context but in no task. What it throws goes to the
   * exception handler.
   *
   * @throws LoopClosedError; WrongFlavorError for an async function, which nobody would await; in debug mode WrongLoopError in
   * code of another loop
   */
  callSoon<A extends unknown[]>(fn: (...args: A) => unknown, ...args: A): Handle {
    this.#checkCall(fn, CALL_SOON);
    return this.#enqueue(fn, args);
  }

  /**
   * The same from code of another loop, in debug mode too. Other threads have `threadsafePort`.
   *
   * @throws LoopClosedError; WrongFlavorError
   */
  callSoonThreadsafe<A extends unknown[]>(fn: (...args: A) => unknown, ...args: A): Handle {
    checkCallback(fn, CALL_SOON);
    if (this.isClosed()) throw new LoopClosedError(CALL_SOON);
    return this.#enqueue(fn, args);
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
    const call = new ScheduledCall(this.self, at, fn, args);
    this[internals].scheduler.addTimer(call);
    return call;
  }

  /**
   * Makes a future that somebody else settles.
   *
   * @param description what it stands for, in a few words: reports of what is stuck name it
   */
  createFuture<T>(description?: string): Future<T> {
    return new Future<T>({ loop: this.self, description });
  }

  /**
   * Makes a task that calls the function in the loop's next iteration, in the caller's async context. Options may come first.
   *
   * @throws LoopClosedError; WrongFlavorError for a function of the structured flavor, or none; ArgumentError
   */
  createTask<A extends unknown[], T>(...call: TaskCall<A, T>): Task<T>;
  createTask(first: unknown, ...rest: unknown[]): Task<unknown> {
    if (typeof first === "function") return this.makeTask(first as Work, rest, none);
    const [options, fn, args] = splitTaskCall(first, rest);
    return this.makeTask(fn as Work, args, options);
  }

  /** The factory that `setTaskFactory` has set. */
  getTaskFactory(): TaskFactory | undefined {
    return this.#taskFactory;
  }

  /**
   * Sets what makes the tasks of the loop, those of groups and combinators too; undefined for the default.
   *
   * @throws WrongFlavorError for what is no function
   */
  setTaskFactory(factory: TaskFactory | undefined): void {
    if (factory !== undefined) checkCallback(factory, "set the task factory");
    this.#taskFactory = factory;
  }

  /**
   * Calls a function as a callback of the loop would be: the loop is the current one, and no task is. For code outside that
   * enters the loop.
   */
  enter<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R {
    return runAt(this[internals].place, fn, args);
  }

  /** Whether the loop looks closely. */
  getDebug(): boolean {
    return this[internals].debug.isOn;
  }

  /**
   * Has the loop look closely, which costs time: it warns of callbacks and steps of tasks that take long, of callbacks that return
   * promises and of tasks that are pending when it closes, refuses calls from code of other loops, and keeps for reports where
   * futures, tasks and callbacks were made. `TRESTLEDEBUG=1` in the environment does it for all loops.
   */
  setDebug(isOn: boolean): void {
    this[internals].debug.isOn = isOn;
  }

  /** From how many milliseconds on a callback or a step of a task counts as slow, in debug mode; 100 unless set. */
  get slowCallbackDuration(): number {
    return this[internals].debug.watch.limit;
  }

  set slowCallbackDuration(ms: number) {
    this[internals].debug.watch.limit = checkDuration(ms, "set the duration of slow callbacks");
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

  /** Tells the exception handler. It throws nothing, whatever the handler does: the default one is told of that. */
  callExceptionHandler(context: ExceptionContext): void {
    try {
      if (this.#handler !== undefined) {
        this.#handler(this.self, context);
        return;
      }
    } catch (exception) {
      this.#tellDefault({ message: "The exception handler failed", exception });
    }
    this.#tellDefault(context);
  }

  /** Prints the message and the error. Subclasses may do something else. */
  defaultExceptionHandler(context: ExceptionContext): void {
    printFailure(context);
  }

  /** This loop as what it is. */
  protected get self(): EventLoop {
    return this as unknown as EventLoop;
  }

  /** Makes a task, whoever asks. */
  protected makeTask(fn: Work, args: unknown[], options: TaskOptions): Task<unknown> {
    const make = this.#taskFactory;
    if (make === undefined) return new Task(this.self, fn, args, options);
    return make(this.self, fn, args, options);
  }

  #tellDefault(context: ExceptionContext): void {
    try {
      this.defaultExceptionHandler(context);
    } catch (exception) {
      printFailure({ message: "The default exception handler failed", exception });
      printFailure(context);
    }
  }

  #enqueue<A extends unknown[]>(fn: (...args: A) => unknown, args: A): Handle {
    const call = new ScheduledCall(this.self, Number.NEGATIVE_INFINITY, fn, args);
    this[internals].scheduler.enqueue(call);
    return call;
  }

  #checkCall(fn: unknown, action: string): void {
    checkCallback(fn, action);
    if (this.isClosed()) throw new LoopClosedError(action);
    if (!this.getDebug()) return;
    const running = currentLoop();
    if (running !== undefined && running !== this.self && running.isRunning())
      throw new WrongLoopError(`${action} in code of another loop`, "Use 'callSoonThreadsafe'.");
  }
}

const none: TaskOptions = {};

type Work = LoopFunction<unknown[], unknown>;

/* oxlint-disable no-console -- there is nobody else to tell */
function printFailure(context: ExceptionContext): void {
  const { message, exception, sourceStack } = context;
  if ("exception" in context) console.error(`${message}:`, exception);
  else console.error(message);
  if (sourceStack !== undefined) console.error(`It was made\n${sourceStack}`);
}
