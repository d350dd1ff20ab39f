// An event loop that lives in a structured run: on the run's own Host, so that its callbacks and the run's tasks take turns,
// and with a nursery for the structured calls that loop code makes.
import type { Host } from "@trestle/host";
import type { EventLoop, Future, Handle, LoopFunction } from "@trestle/loop";
import type { Operation, StructuredFunction } from "@trestle/structured";
import { BackgroundCall } from "./background-call.js";
import { BaseStructuredEventLoop } from "./base-structured-event-loop.js";
import { callAsync } from "./call-async.js";
import { callHost, HostedCall, type CallHost } from "./hosted-call.js";
import type { LoopBlock } from "./loop-block.js";
import { LoopHost } from "./loop-host.js";

const brand = Symbol.for("trestle.structured-event-loop");

/** The key of what starts a structured call, which copies of this package share. */
export const startCall: unique symbol = Symbol.for("trestle.start-structured-call");

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
export class StructuredEventLoop extends BaseStructuredEventLoop {
  readonly [brand] = true;
  readonly #block: LoopBlock;

  /** @internal */
  constructor(runHost: Host, block: LoopBlock) {
    const host = new LoopHost(runHost);
    super(host, block);
    this.#block = block;
    block.host = host;
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
    return this[startCall](callHost(fn?.name), fn, args);
  }

  /** @internal The same, with a host that was made before. */
  [startCall]<A extends unknown[], T>(
    host: CallHost,
    fn: StructuredFunction<A, T>,
    args: A,
  ): Future<T> {
    const work = fn as StructuredFunction<unknown[], T>;
    const call = new HostedCall<T>(this, this.#block, host, work, args);
    if (this.#block.isSealed) {
      call.cancel("the block of openLoop ends");
      call.giveUp();
      return call;
    }
    try {
      this.queueCall(call);
    } catch (error) {
      call.giveUp();
      throw error;
    }
    return call;
  }

  /**
   * Starts a structured function as a background task in this loop's nursery. The call is queued as by `structuredAsFuture`.
   *
   * An error of the task goes to the exception handler: unless one was set, it ends the block of `openLoop`. The handle cancels
   * the task, which ends silently by that; before it has started, it never runs. Source: trio-asyncio's `run_trio_task`. Flavor:
   * loop; may be called from plain callbacks and structured code too.
   *
   * @throws LoopClosedError
   */
  runStructuredTask<A extends unknown[]>(fn: StructuredFunction<A, unknown>, ...args: A): Handle {
    return new BackgroundCall(this.structuredAsFuture(fn, ...args));
  }
}

/** Tells a hosted loop from others, also one that another copy of this package made. */
export function isStructuredEventLoop(loop: EventLoop | undefined): loop is StructuredEventLoop {
  return typeof loop === "object" && loop !== null && brand in loop;
}
