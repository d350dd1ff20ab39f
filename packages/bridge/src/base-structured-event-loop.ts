import { exitErrorIn, type Host } from "@trestle/host";
import type { ExceptionContext } from "@trestle/loop";
import type { Event, Operation } from "@trestle/structured";
import type { Closing } from "./closers.js";
import { EnteredEventLoop } from "./entered-event-loop.js";
import { HostedLoopError } from "./hosted-loop-error.js";
import type { LoopBlock } from "./loop-block.js";
import { LoopFailure } from "./loop-failure.js";
import { stopOf, type LoopStop } from "./loop-stop.js";
import { untilQueueHasRun } from "./queue-run.js";

/**
 * An event loop that lives in a structured run: how it starts, stops, fails and is closed. `openLoop` makes it.
 *
 * Source: trio-asyncio's BaseTrioEventLoop. Flavor: either.
 *
 * @example
 * ```ts
 * import { BaseStructuredEventLoop, openLoop } from "@trestle/bridge";
 * import { run } from "@trestle/structured";
 *
 * await run(() =>
 *   openLoop(function* (loop) {
 *     console.log(loop instanceof BaseStructuredEventLoop); // true
 *   }),
 * );
 * ```
 */
export class BaseStructuredEventLoop extends EnteredEventLoop {
  readonly [stopOf]: LoopStop;
  readonly #block: LoopBlock;

  /** @internal */
  constructor(host: Host, block: LoopBlock) {
    super(host, block);
    this.#block = block;
    this[stopOf] = block.stop;
  }

  /** Has an async generator closed at the end of the block; see `trackAsyncgen` of EventLoop. */
  override trackAsyncgen<T, R, N>(generator: AsyncGenerator<T, R, N>): AsyncGenerator<T, R, N> {
    this.#block.hasGenerators = true;
    return super.trackAsyncgen(generator);
  }

  /**
   * Waits until everything that is queued now has run; in a loop that has closed there is nothing. Flavor: structured. A
   * cancellation ends the wait.
   *
   * @throws LoopStoppedError where the loop was stopped by hand
   */
  *synchronize(): Operation<void> {
    if (this.isClosed()) return;
    yield* untilQueueHasRun(this[stopOf], (fn) => this.callLast(fn));
  }

  /**
   * Stops the loop once everything that is queued now has run. The block goes on, and what is called in the loop from then on
   * gets LoopStoppedError; the end of the block lets the loop run again, for the unwinding. It returns at once.
   *
   * Source: trio-asyncio. Flavor: either.
   *
   * @param event set when the loop has stopped
   * @returns the event of the first stop, the same one each time, or `event`
   * @throws ArgumentError for what is no Event
   */
  override stop(event?: Event): Event {
    const stop = this[stopOf];
    if (event !== undefined) stop.tell(event);
    if (this.isRunning())
      this.callLast(() => {
        stop.standStill();
        super.stop();
      });
    return event ?? stop.event;
  }

  /**
   * Waits until the loop has stopped: by hand, or at the end of its block. Flavor: structured. A cancellation ends the wait.
   * The block waits for its body, so a body that waits here waits for a stop by hand.
   */
  waitStopped(): Operation<void> {
    return this[stopOf].event.wait();
  }

  /** Whether it was stopped by hand, so that what waits for it waits in vain. */
  get standsStill(): boolean {
    return this[stopOf].standsStill;
  }

  /**
   * Has something closed at the end of the block, when all tasks have ended and before the loop closes; the last one first. A
   * second time for the same thing has no effect. It is a safety net: close what you open.
   *
   * What it gives is awaited, and its error comes out of the block. Source: trio-asyncio. Flavor: either. It waits for nothing.
   *
   * @param resource a descriptor, an object with `fileno`, or something that can be disposed of, closed or destroyed
   * @param close how to close it, where it does not say so itself
   * @throws ArgumentError for what cannot be closed, or a descriptor where the loop has no `closeDescriptor`
   * @example
   * ```ts
   * import { run } from "@trestle/bridge";
   * import { createServer } from "node:net";
   *
   * await run(function* (loop) {
   *   const server = createServer();
   *   loop.autoclose(server);
   * });
   * ```
   */
  autoclose(resource: Closing): void;
  autoclose<R>(resource: R, close: (resource: R) => unknown): void;
  autoclose<R>(resource: R, close?: (resource: R) => unknown): void {
    this.#block.closersOf(this).add(resource, close);
  }

  /**
   * Takes back an `autoclose`: before you close the thing, or hand it on.
   *
   * @throws ArgumentError where it was not given to `autoclose`
   */
  noAutoclose(resource: unknown): void {
    this.#block.closersOf(this).remove(resource);
  }

  /** The block runs the loop. @throws HostedLoopError, always */
  override runForever(): Promise<never> {
    return Promise.reject(new HostedLoopError());
  }

  /** The block runs the loop. @throws HostedLoopError, always */
  override runUntilComplete(): Promise<never> {
    return Promise.reject(new HostedLoopError());
  }

  /**
   * Tells the exception handler. An error of a handler that was set ends the block of `openLoop`, and so does an ExitError, of
   * which no handler is told.
   */
  override callExceptionHandler(context: ExceptionContext): void {
    const handler = this.getExceptionHandler();
    if (exitErrorIn(context.exception) !== undefined) {
      this.defaultExceptionHandler(context);
      return;
    }
    try {
      if (handler === undefined) this.defaultExceptionHandler(context);
      else handler(this, context);
    } catch (error) {
      this.defaultExceptionHandler({ message: "The exception handler failed", exception: error });
    }
  }

  /** Ends the block of `openLoop` with the error: nobody else would see it. After the block it is printed. */
  override defaultExceptionHandler(context: ExceptionContext): void {
    const error = "exception" in context ? context.exception : new LoopFailure(context.message);
    if (!this.#block.terminate(error)) super.defaultExceptionHandler(context);
  }
}
