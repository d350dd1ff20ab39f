// What comes into a hosted loop from the code around it: with the context variables of that code, and through the bounded queue.
// BaseStructuredEventLoop adds how the loop starts, stops, fails and is closed, and nothing else extends this.
import type { Host } from "@trestle/host";
import {
  currentLoop,
  EventLoop,
  type ContextCallee,
  type Handle,
  type LoopFunction,
  type Task,
  type TaskOptions,
  type TimerHandle,
} from "@trestle/loop";
import { showCarried, type CarriedVariables } from "./carried-variables.js";
import type { LoopBlock } from "./loop-block.js";
import type { OutsideCall } from "./outside-calls.js";

const variables = Symbol.for("trestle.loop-variables");

/** A hosted loop, as those see it who have it call something. */
export abstract class EnteredEventLoop extends EventLoop {
  readonly [variables]: CarriedVariables;
  readonly #block: LoopBlock;

  constructor(host: Host, block: LoopBlock) {
    super({ ...block.layers, host });
    this.#block = block;
    this[variables] = block.variables;
    showCarried(carriedHere);
  }

  /**
   * Calls a function in the loop's next iteration; see `callSoon` of EventLoop. The context variables of structured code go in.
   *
   * @throws LoopClosedError; LoopQueueFullError from outside of the loop; WrongFlavorError for an async function
   */
  override callSoon<A extends unknown[]>(fn: (...args: A) => unknown, ...args: A): Handle {
    const call = this.#block.outsideCalls?.enter(this, "call soon");
    if (call === undefined) return this.#callSoon(fn, args);
    return call.handle(this.#queue(call, () => this.#callSoon(fn, args)));
  }

  /** The same, also from code of other loops. The context variables of structured code stay behind. */
  override callSoonThreadsafe<A extends unknown[]>(
    fn: (...args: A) => unknown,
    ...args: A
  ): Handle {
    const call = this.#block.outsideCalls?.enter(this, "call soon");
    if (call === undefined) return super.callSoonThreadsafe(fn, ...args);
    return call.handle(this.#queue(call, () => super.callSoonThreadsafe(fn, ...args)));
  }

  /**
   * Calls a function at an instant of `time()` or later; see `callAt` of EventLoop. The context variables of structured code go
   * in. `callLater` does the same.
   *
   * @throws LoopClosedError; ArgumentError; WrongFlavorError
   */
  override callAt<A extends unknown[]>(
    at: number,
    fn: (...args: A) => unknown,
    ...args: A
  ): TimerHandle {
    const carried = this.#block.variables;
    if (!carried.areToBeCarried) return super.callAt(at, fn, ...args);
    return carried.carry(() => super.callAt(at, fn, ...args));
  }

  /** Makes a task. The context variables of structured code go in. @throws LoopQueueFullError from outside of the loop */
  protected override makeTask(
    fn: LoopFunction<unknown[], unknown>,
    args: unknown[],
    options: TaskOptions,
  ): Task<unknown> {
    const outside = this.#block.outsideCalls?.enter(this, "create a task");
    if (outside === undefined) return this.#makeTask(fn, args, options);
    return this.#queue(outside, () => this.#makeTask(fn, args, options));
  }

  /** Queues a structured call, which has its context variables itself. There is no way to take it back but its own. */
  protected queueCall(call: ContextCallee): void {
    const outside = this.#block.outsideCalls?.enter(this, "call soon");
    if (outside === undefined) this.startSoon(call);
    else this.#queue(outside, () => this.startSoon(call));
  }

  /** Calls a function behind everything that is queued now. There is always room for it: it is how one waits for room. */
  protected callLast(fn: () => void): void {
    super.callSoonThreadsafe(fn);
  }

  /** Queues a call that came from outside; what runs just before it says that its turn has come. */
  #queue<R>(call: OutsideCall, queue: () => R): R {
    try {
      this.callLast(() => call.leave());
      return queue();
    } catch (error) {
      call.leave();
      throw error;
    }
  }

  #callSoon<A extends unknown[]>(fn: (...args: A) => unknown, args: A): Handle {
    const carried = this.#block.variables;
    if (!carried.areToBeCarried) return super.callSoon(fn, ...args);
    return carried.carry(() => super.callSoon(fn, ...args));
  }

  #makeTask(
    fn: LoopFunction<unknown[], unknown>,
    args: unknown[],
    options: TaskOptions,
  ): Task<unknown> {
    const carried = this.#block.variables;
    const task = carried.areToBeCarried
      ? carried.carry(() => super.makeTask(fn, args, options))
      : super.makeTask(fn, args, options);
    if (this.#block.isSealed) task.cancel("the block of openLoop ends");
    return task;
  }
}

function carriedHere(): CarriedVariables | undefined {
  const loop = currentLoop();
  return loop !== undefined && variables in loop
    ? (loop as EnteredEventLoop)[variables]
    : undefined;
}
