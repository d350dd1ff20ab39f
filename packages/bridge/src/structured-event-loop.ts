// An event loop that lives in a structured run: on the run's own Host, so that its callbacks and the run's tasks take turns,
// and with a nursery for the structured calls that loop code makes.
import type { Host } from "@trestle/host";
import { EventLoop, type ExceptionContext, type Future, type LoopFunction } from "@trestle/loop";
import {
  Event,
  named,
  type Nursery,
  type Operation,
  type StructuredFunction,
} from "@trestle/structured";
import { callStructured } from "@trestle/structured/lowlevel";
import { callAsync } from "./call-async.js";
import type { LoopBlock } from "./loop-block.js";
import { LoopFailure } from "./loop-failure.js";
import { LoopHost } from "./loop-host.js";
import { loopVariable } from "./loop-variable.js";
import { StructuredCall } from "./translate-cancel.js";

const brand = Symbol.for("trestle.structured-event-loop");

/**
 * The loop of `openLoop`: an EventLoop through which structured code and loop code call each other. `openLoop` makes it, runs
 * it and closes it.
 *
 * Source: trio-asyncio's TrioEventLoop. Flavor: either; what waits says which.
 *
 * @example
 * ```ts
 * import { run } from "@trestle/bridge";
 * import { sleep } from "@trestle/loop";
 *
 * await run(function* (loop) {
 *   yield* loop.runAsync(() => sleep(10));
 * });
 * ```
 */
export class StructuredEventLoop extends EventLoop {
  readonly [brand] = true;
  readonly #host: LoopHost;
  readonly #block: LoopBlock;

  /** @internal */
  constructor(runHost: Host, block: LoopBlock) {
    const host = new LoopHost(runHost);
    super({ host });
    this.#host = host;
    this.#block = block;
  }

  /**
   * Runs an async function as a task of this loop.
   *
   * Waits for the task. A cancellation cancels the task, once, and goes on waiting until it has ended; if it ended by that,
   * Cancelled goes on, else its value or error wins. Flavor: structured.
   *
   * @throws what the function throws; LoopClosedError
   */
  runAsync<A extends unknown[], T>(fn: LoopFunction<A, T>, ...args: A): Operation<T> {
    return callAsync(() => this, fn, args);
  }

  /**
   * Runs a structured function as a task in this loop's nursery. The call is queued like `callSoon`, and the loop's next
   * callback runs after the task's first step.
   *
   * The Future is done when the task has ended. Cancelling it cancels the task; before the task has started, it never runs.
   * Flavor: loop; may be called from plain callbacks and structured code too.
   *
   * @throws LoopClosedError
   */
  structuredAsFuture<A extends unknown[], T>(fn: StructuredFunction<A, T>, ...args: A): Future<T> {
    const name = fn.name || "anonymous";
    const call = new StructuredCall<T>({
      loop: this,
      description: `structured function '${name}'`,
    });
    const host = named(name, () =>
      this.#hostCall(call, () => callStructured(fn, args, `call '${name}' from loop code`)),
    );
    this.#block.callBegan();
    this.callSoon(() => {
      if (call.done()) {
        this.#block.callEnded();
      } else {
        (this.#block.nursery as Nursery).startSoon(host);
        this.#host.callStarts();
      }
    });
    return call;
  }

  /**
   * Waits until everything that is queued now has run; in a loop that has closed there is nothing. Flavor: structured. A
   * cancellation ends the wait.
   */
  *synchronize(): Operation<void> {
    if (this.isClosed()) return;
    const reached = new Event();
    this.callSoon(() => reached.set());
    yield* reached.wait();
  }

  /** Ends the block of `openLoop` with the error: nobody else would see it. */
  override defaultExceptionHandler(context: ExceptionContext): void {
    this.#block.terminate(
      "exception" in context ? context.exception : new LoopFailure(context.message),
    );
  }

  *#hostCall<T>(call: StructuredCall<T>, start: () => Operation<T>): Operation<void> {
    this.#host.callStarted();
    loopVariable.set(this);
    try {
      yield* call.host(start);
    } finally {
      this.#block.callEnded();
    }
  }
}

/** Tells a hosted loop from others, also one that another copy of this package made. */
export function isStructuredEventLoop(loop: EventLoop | undefined): loop is StructuredEventLoop {
  return loop !== undefined && brand in loop;
}
