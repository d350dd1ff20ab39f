// A loop from its making to its closing, and the main tasks that it runs in between.
//
// | state   | from    | by                                            |
// | ------- | ------- | --------------------------------------------- |
// | created |         | the constructor: there is no loop yet         |
// | open    | created | the first `run` or `getLoop`                  |
// | closed  | both    | `close`                                       |
import { CancelledError } from "./cancelled-error.js";
import { currentLoop, keepContext, type Context } from "./current.js";
import { newEventLoop } from "./get-event-loop.js";
import type { EventLoop, EventLoopOptions } from "./event-loop.js";
import type { ContextOption } from "./future.js";
import { InterruptedError } from "./interrupted-error.js";
import { Interrupts, thisProcess } from "./interrupts.js";
import { LoopClosedError } from "./loop-closed-error.js";
import { checkLoopFunction, type LoopFunction } from "./loop-function.js";
import { LoopRunningError } from "./loop-running-error.js";

const RUN_LATER = "Await the first, or start the second in it by 'createTask'.";

/** How a program runs. */
export interface RunnerOptions extends EventLoopOptions {
  /** Makes the loop, in place of the event loop policy; the other options but `debug` are then its own matter. */
  readonly loopFactory?: (() => EventLoop) | undefined;
}

/**
 * Runs several main functions on one loop, one after another, with what they leave running in between kept for the next. `close`
 * ends all, as at the end of `run`.
 *
 * The first SIGINT (Ctrl-C) while main runs cancels its task, and `run` then throws InterruptedError; a second one ends the process.
 * Where somebody else listens to SIGINT, that is left to them.
 *
 * Source: asyncio (of CPython 3.11). Flavor: this is where a program enters the loop flavor.
 *
 * @example
 * ```ts
 * import { Runner, sleep } from "@trestle/loop";
 *
 * await using runner = new Runner();
 * console.log(await runner.run(() => sleep(10, "one")));
 * console.log(await runner.run(() => sleep(10, "two")));
 * ```
 */
export class Runner implements AsyncDisposable {
  readonly #options: RunnerOptions;
  #loop: EventLoop | undefined;
  #context: Context | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: RunnerOptions = {}) {
    this.#options = options;
  }

  /**
   * Gives the loop, and makes it at the first call.
   *
   * @throws LoopClosedError where the runner was closed
   */
  getLoop(): EventLoop {
    if (this.#closing !== undefined) throw new LoopClosedError("use a Runner");
    this.#loop ??= this.#makeLoop();
    this.#context ??= keepContext();
    return this.#loop;
  }

  /**
   * Runs an async function as a main task, and gives its value.
   *
   * @param options `context` is an async context to run it in; one for all mains of the runner unless given
   * @throws main's error; InterruptedError after Ctrl-C; LoopRunningError in a loop that runs; LoopClosedError; WrongFlavorError
   */
  async run<T>(main: LoopFunction<[], T>, options: ContextOption = {}): Promise<T> {
    checkLoopFunction(main, "run");
    if (currentLoop()?.isRunning() === true) {
      throw new LoopRunningError(
        "run a second event loop in the first",
        "Await the function, or give it to 'createTask'.",
      );
    }
    const loop = this.getLoop();
    if (loop.isRunning()) throw new LoopRunningError("run a second main", RUN_LATER);
    const context = options.context ?? this.#context;
    const task = loop.createTask({ context }, main);
    task.name = main.name || "main";
    const interrupts = new Interrupts(task, thisProcess());
    try {
      return await loop.runUntilComplete(task);
    } catch (error) {
      const isInterrupted = error instanceof CancelledError && interrupts.any;
      if (isInterrupted && task.uncancel() === 0) throw new InterruptedError({ cause: error });
      throw error;
    } finally {
      interrupts.stop();
    }
  }

  /**
   * Ends everything: tasks are cancelled once and awaited, async generators of the loop closed, its default executor shut down when
   * its jobs have ended, and the loop closed. A second call waits for the same end.
   *
   * @throws LoopRunningError while a main runs, and in code of the loop
   */
  async close(): Promise<void> {
    const loop = this.#loop;
    if (loop?.isRunning() === true && (this.#closing === undefined || currentLoop() === loop)) {
      throw new LoopRunningError("close a Runner", "Await what it runs, outside of it.");
    }
    await (this.#closing ??= this.#end());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #end(): Promise<void> {
    const loop = this.#loop;
    if (loop === undefined) return;
    try {
      await loop.runUntilComplete(loop.cancelAllTasks());
      await loop.runUntilComplete(async () => {
        await loop.shutdownAsyncgens();
        await loop.shutdownDefaultExecutor();
      });
    } finally {
      await loop.close();
    }
  }

  #makeLoop(): EventLoop {
    const { loopFactory, debug } = this.#options;
    const loop = loopFactory === undefined ? newEventLoop(this.#options) : loopFactory();
    if (debug !== undefined) loop.setDebug(debug);
    return loop;
  }
}
