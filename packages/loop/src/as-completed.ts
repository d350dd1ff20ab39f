import { ArgumentError, describe } from "@trestle/host";
import { checkDuration } from "./check-time.js";
import { requireLoop } from "./current.js";
import { ensureFuture, type Work } from "./ensure-future.js";
import type { EventLoop } from "./event-loop.js";
import { Fifo } from "./fifo.js";
import type { Future } from "./future.js";
import type { TimerHandle } from "./handle.js";
import { core } from "./internals.js";
import { Line } from "./line.js";
import { LoopBinding } from "./loop-binding.js";
import { checkSignal, type SignalOption } from "./signal-option.js";
import type { Task } from "./task.js";
import { TimeoutError } from "./timeout-error.js";

const TAKE = "take work as it is completed";

/** How to take work as it is completed. */
export interface AsCompletedOptions extends SignalOption {
  /** Milliseconds from the call, for all the work, 0 or more; no limit unless given. */
  readonly timeout?: number | undefined;
}

/** The future that stands for a piece of work: a Future itself, a task for a function, a Future for any other promise. */
export type FutureOf<W> =
  W extends Future<unknown>
    ? W
    : W extends () => PromiseLike<infer T>
      ? Task<T>
      : W extends PromiseLike<infer T>
        ? Future<T>
        : never;

/** One that is done. It comes in an object: what iterates a list of promises would await the future itself. */
export interface Completion<F> {
  /** The future of the work. */
  readonly future: F;
}

type Next = IteratorResult<Completion<Future<unknown>>, void>;

/** Futures in the order in which they are done. */
class Completions implements AsyncIterableIterator<Completion<Future<unknown>>, void, void> {
  readonly #options: AsCompletedOptions;
  readonly #pending = new Set<Future<unknown>>();
  readonly #completed = new Fifo<Future<unknown>>();
  readonly #line: Line;
  #timer: TimerHandle | undefined;
  /** Those that no call of `next` has given or waits for. */
  #left: number;
  #isLate = false;

  constructor(work: ReadonlySet<Work<unknown>>, loop: EventLoop, options: AsCompletedOptions) {
    this.#options = options;
    for (const piece of work) this.#pending.add(ensureFuture(piece, loop));
    for (const future of this.#pending) future[core].whenDone(this.#ended);
    this.#left = this.#pending.size;
    this.#line = new Line(new LoopBinding(), `the next of ${this.#left} futures to be done`, {
      isDerived: true,
    });
    if (options.timeout !== undefined && this.#left > 0)
      this.#timer = loop.callLater(options.timeout, this.#expire);
  }

  async next(): Promise<Next> {
    if (this.#left === 0) return END;
    this.#left--;
    try {
      return await this.#line.pass(this.#isOpen, this.#take, TAKE, this.#options);
    } catch (error) {
      // One that gave up has taken none.
      if (!this.#isLate) this.#left++;
      throw error;
    }
  }

  async return(): Promise<Next> {
    this.#left = 0;
    this.#timer?.cancel();
    this.#forget();
    return END;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  readonly #isOpen = (): boolean => this.#completed.size > 0 || this.#pending.size === 0;

  readonly #take = (): Next => {
    if (this.#completed.size > 0) return { done: false, value: { future: this.#completed.take() } };
    if (this.#isLate) throw new TimeoutError(`all work in ${this.#options.timeout} ms`);
    return END;
  };

  readonly #ended = (future: Future<unknown>): void => {
    if (!this.#pending.delete(future)) return;
    this.#completed.add(future);
    this.#line.wakeFirst();
    if (this.#pending.size === 0) this.#timer?.cancel();
  };

  readonly #expire = (): void => {
    this.#isLate = true;
    this.#forget();
  };

  /** Takes no more in: what is not done goes on by itself. */
  #forget(): void {
    for (const future of this.#pending) future.removeDoneCallback(this.#ended);
    this.#pending.clear();
    this.#line.wakeAll();
  }
}

const END: Next = { done: true, value: undefined };

/**
 * Gives the futures of several pieces of work as they are done, for `for await`; ask each for its result.
 *
 * The work begins at once. It is not cancelled when the time is over, when the iteration is left, or when the task that waits is
 * cancelled. A piece that is given twice counts once.
 *
 * Source: asyncio (the asynchronous iteration of CPython 3.13); `signal`, and that a future comes in an object, are ours. Flavor: loop.
 *
 * @param work Futures, which are given as they are, promises, and functions to run as tasks
 * @throws NoLoopError outside of a loop; WrongLoopError; WrongFlavorError; ArgumentError. The iteration throws TimeoutError when
 * the time is over and something is left, and the reason of `signal`
 * @example
 * ```ts
 * import { asCompleted, createTask, run, sleep } from "@trestle/loop";
 *
 * await run(async () => {
 *   const mirrors = [createTask(() => sleep(20, "slow")), createTask(() => sleep(10, "fast"))];
 *   for await (const { future } of asCompleted(mirrors, { timeout: 1000 })) console.log(future.result());
 * });
 * ```
 */
export function asCompleted<W extends Work<unknown>>(
  work: Iterable<W>,
  options: AsCompletedOptions = {},
): AsyncIterableIterator<Completion<FutureOf<W>>, void, void> {
  const loop = requireLoop(TAKE);
  if (typeof (work as Partial<Iterable<W>> | undefined)?.[Symbol.iterator] !== "function") {
    throw new ArgumentError(
      `Cannot ${TAKE} from ${describe(work)}: a list is wanted.\nAwait a single piece, or put it into a list.`,
    );
  }
  if (options.timeout !== undefined) checkDuration(options.timeout, TAKE);
  checkSignal(options, TAKE);
  return new Completions(new Set(work), loop, options) as AsyncIterableIterator<
    Completion<FutureOf<W>>,
    void,
    void
  >;
}
