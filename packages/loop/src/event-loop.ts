import type { Host, Release } from "@trestle/host";
import { cancelTasks } from "./cancel-tasks.js";
import { closeLoop } from "./close-loop.js";
import { ContextCall, type ContextCallee } from "./context-call.js";
import { useAsyncContext } from "./current.js";
import { ensureFuture, type Work } from "./ensure-future.js";
import type { Future } from "./future.js";
import { internals } from "./internals.js";
import { LoopClosedError } from "./loop-closed-error.js";
import { LoopRunningError } from "./loop-running-error.js";
import { LoopStoppedError } from "./loop-stopped-error.js";
import { OpenGenerators } from "./open-generators.js";
import { PluggedEventLoop, type LoopLayers } from "./plugged-event-loop.js";

/** How a loop lives. */
export interface EventLoopOptions extends LoopLayers {
  /** What it takes time and turns from; the platform's event loop unless given. Tests give a VirtualHost. */
  readonly host?: Host | undefined;
  /** Whether it looks closely, see `setDebug`. */
  readonly debug?: boolean | undefined;
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
export class EventLoop extends PluggedEventLoop {
  readonly #leaveContext: Release = useAsyncContext();
  readonly #generators = new OpenGenerators();
  #closing: Promise<void> | undefined;

  constructor(options: EventLoopOptions = {}) {
    super(options.host, options);
    if (options.debug !== undefined) this.setDebug(options.debug);
  }

  /** Runs the loop until `stop`. */
  async runForever(): Promise<void> {
    this.#checkAtRest("run the event loop");
    await this[internals].driver.run("'stop' is called");
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
    await this[internals].driver.run(`${future.describe()} is done`);
    future.removeDoneCallback(stop);
    if (!future.done()) throw new LoopStoppedError(future.describe());
    return future.result();
  }

  /** Stops the run after the iteration that runs now; a loop that rests runs what is ready once more. */
  stop(): void {
    this[internals].scheduler.stop();
  }

  isRunning(): boolean {
    return this[internals].scheduler.isRunning;
  }

  /**
   * Cancels every task that is alive, once, and those that they make while they unwind; the future is done when all have
   * ended. The loop has to run meanwhile. A task that calls this is left out. Tasks that make new ones for ever are reported, and
   * left alive.
   */
  cancelAllTasks(): Future<void> {
    return cancelTasks(this);
  }

  /**
   * Closes the loop for good. Callbacks that are ready run, and nothing that they add; timers never fire. What still waits for
   * a future of the loop gets a LoopClosedError; failures that nobody looked at go to the exception handler. Descriptors, signals
   * and ports are let go, and the default executor takes nothing more.
   *
   * @throws LoopRunningError while it runs
   */
  close(): Promise<void> {
    if (this.isRunning() && this.#closing === undefined) {
      return Promise.reject(
        new LoopRunningError("close the event loop", "Call 'stop', and await the run."),
      );
    }
    this.#closing ??= this.#end().finally(this.#leaveContext);
    return this.#closing;
  }

  /**
   * Has the loop close an async generator at its end, if somebody leaves it in the middle.
   *
   * @returns a generator that stands for it and is to be used instead
   * @throws ArgumentError for what is no async generator
   */
  trackAsyncgen<T, R, N>(generator: AsyncGenerator<T, R, N>): AsyncGenerator<T, R, N> {
    return this.#generators.add(generator);
  }

  /** Closes all generators of `trackAsyncgen`, and waits for their ends; `run` does it. Errors go to the exception handler. */
  async shutdownAsyncgens(): Promise<void> {
    await this.#generators.closeAll((context) => this.callExceptionHandler(context));
  }

  async #end(): Promise<void> {
    await this.endOutside();
    this.letGoOfOutside();
    await closeLoop(this[internals]);
  }

  /**
   * For a runtime that extends the loop: starts something of its own in the next iteration, in a copy of the caller's async
   * context that it gets for good.
   *
   * @throws LoopClosedError
   */
  protected startSoon(callee: ContextCallee): void {
    if (this.isClosed()) throw new LoopClosedError("start something");
    this[internals].scheduler.enqueue(new ContextCall(this, callee));
  }

  #checkAtRest(action: string): void {
    if (this.isClosed() || this.#closing !== undefined) throw new LoopClosedError(action);
    if (this.isRunning())
      throw new LoopRunningError(
        action,
        "Await what it runs for; to start more, call 'createTask'.",
      );
  }
}
