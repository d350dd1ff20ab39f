// A queue: a store of items, and two lines, of those who wait for an item and of those who wait for room.
//
// An item or room that comes wakes the first in line, and belongs to nobody: whoever has its turn first takes it, and one who
// was woken and finds nothing stands in line again, at its end. One who was woken and is cancelled before its turn wakes the next.
import { ArgumentError, describe } from "@trestle/host";
import { requireLoop } from "./current.js";
import { Fifo } from "./fifo.js";
import { InvalidStateError } from "./invalid-state-error.js";
import { Line } from "./line.js";
import { LoopBinding } from "./loop-binding.js";
import { QueueEmpty, QueueFull, QueueShutDown } from "./queue-errors.js";
import { checkSignal, type SignalOption } from "./signal-option.js";

const GET = "get an item of the queue";
const PUT = "put an item into the queue";

/** Where the items of a queue are kept: it decides about their order. */
export interface QueueStore<T> {
  readonly size: number;
  add(item: T): void;
  /** Takes the next one out; only called where there is one. */
  take(): T;
}

/** How to shut a queue down. */
export interface ShutdownOptions {
  /** Whether the items that are in it go, instead of being given to those who get them. */
  readonly immediate?: boolean;
}

/**
 * A queue of items between tasks, first in, first out.
 *
 * `for await (const item of queue)` gets items until the queue is shut down and empty.
 *
 * It belongs to the loop in which somebody first had to wait for it.
 *
 * Source: asyncio (of CPython 3.13); iteration, `signal` and stores are ours. Flavor: loop; what does not wait may be called from
 * anywhere.
 *
 * @example
 * ```ts
 * import { createTask, Queue, run } from "@trestle/loop";
 *
 * await run(async () => {
 *   const jobs = new Queue<string>(10);
 *   const worker = createTask(async () => {
 *     for await (const job of jobs) console.log(job);
 *   });
 *   await jobs.put("sweep");
 *   await jobs.put("wash");
 *   jobs.shutdown();
 *   await worker;
 * });
 * ```
 */
export class Queue<T> implements AsyncIterable<T> {
  readonly #maxsize: number;
  readonly #store: QueueStore<T>;
  readonly #getters: Line;
  readonly #putters: Line;
  readonly #joiners: Line;
  #unfinished = 0;
  #isShutDown = false;

  /**
   * @param maxsize how many items it has room for, a whole number or Infinity; 0 or less for no limit
   * @param store where the items are kept; first in, first out unless given
   * @throws ArgumentError
   */
  constructor(maxsize = 0, store: QueueStore<T> = new Fifo<T>()) {
    if (!Number.isInteger(maxsize) && maxsize !== Number.POSITIVE_INFINITY) {
      throw new ArgumentError(
        `Cannot make a queue with room for ${describe(maxsize)}: a whole number is wanted, or 0 for no limit.`,
      );
    }
    this.#maxsize = maxsize;
    this.#store = store;
    const binding = new LoopBinding();
    this.#getters = new Line(binding, "an item of a queue");
    this.#putters = new Line(binding, "room in a queue");
    this.#joiners = new Line(binding, "the end of the work of a queue");
  }

  /** How many items it has room for; 0 or less where there is no limit. */
  get maxsize(): number {
    return this.#maxsize;
  }

  /** How many items are in it. */
  qsize(): number {
    return this.#store.size;
  }

  empty(): boolean {
    return this.#store.size === 0;
  }

  /** Whether there is no room. */
  full(): boolean {
    return this.#maxsize > 0 && this.#store.size >= this.#maxsize;
  }

  /**
   * Puts an item in, and waits for room before. Cancelling the task ends the wait, and then the item is not in it.
   *
   * @throws QueueShutDown; the reason of `signal`; NoLoopError; WrongLoopError; ArgumentError
   */
  put(item: T, options?: SignalOption): Promise<void> {
    return this.#putters.pass(this.#takesItems, () => this.putNowait(item), PUT, options);
  }

  /** Puts an item in. @throws QueueFull where there is no room; QueueShutDown */
  putNowait(item: T): void {
    if (this.#isShutDown) throw new QueueShutDown("put");
    if (this.full()) throw new QueueFull(this.#maxsize);
    this.#store.add(item);
    this.#unfinished++;
    this.#getters.wakeFirst();
  }

  /**
   * Waits until there is an item, and takes it out. Cancelling the task ends the wait, and then no item is taken.
   *
   * @throws QueueShutDown where it was shut down and nothing is left; the reason of `signal`; NoLoopError; WrongLoopError;
   * ArgumentError
   */
  get(options?: SignalOption): Promise<T> {
    return this.#getters.pass(this.#givesItems, this.#take, GET, options);
  }

  /** Takes an item out. @throws QueueEmpty where there is none; QueueShutDown where there will be none */
  getNowait(): T {
    if (this.empty()) throw this.#isShutDown ? new QueueShutDown("get") : new QueueEmpty();
    const item = this.#store.take();
    this.#putters.wakeFirst();
    return item;
  }

  /**
   * Says that the work with an item that was taken is done. When that was said for each item that was ever put in, `join` ends.
   *
   * @throws InvalidStateError where it was said for all
   */
  taskDone(): void {
    if (this.#unfinished === 0) {
      throw new InvalidStateError(
        "Cannot end the work with an item: there was none of which that was not said.\nCall 'taskDone' once for each item that was taken.",
      );
    }
    this.#finish();
  }

  /**
   * Waits until `taskDone` was called for each item. Cancelling the task ends the wait.
   *
   * @throws the reason of `signal`; NoLoopError; WrongLoopError; ArgumentError
   */
  async join(options?: SignalOption): Promise<void> {
    const action = "wait for the work of the queue";
    requireLoop(action);
    checkSignal(options, action);
    if (this.#unfinished === 0) return;
    const joiner = this.#joiners.join(action, options);
    try {
      await joiner;
    } finally {
      this.#joiners.leave(joiner);
    }
  }

  /**
   * Takes nothing from now on, and gives what is in it: then getting fails with QueueShutDown, and iterations end. Those who wait
   * are told, in the loop's next iteration.
   *
   * With `immediate` what is in it goes, and counts as done.
   */
  shutdown({ immediate = false }: ShutdownOptions = {}): void {
    this.#isShutDown = true;
    while (immediate && !this.empty()) {
      this.#store.take();
      if (this.#unfinished > 0) this.#finish();
    }
    this.#getters.wakeAll();
    this.#putters.wakeAll();
  }

  /** Gets items until the queue is shut down and empty. Several may iterate: each item goes to one of them. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, void, void> {
    let isOver = false;
    const take = (): IteratorResult<T, void> =>
      this.empty() ? { done: true, value: undefined } : { done: false, value: this.getNowait() };
    const end = async (): Promise<IteratorResult<T, void>> => ({ done: true, value: undefined });
    return {
      next: () => (isOver ? end() : this.#getters.pass(this.#givesItems, take, GET, undefined)),
      return: () => {
        isOver = true;
        return end();
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  readonly #take = (): T => this.getNowait();

  /** Whether getting need not wait: there is an item, or there will be none. */
  readonly #givesItems = (): boolean => !this.empty() || this.#isShutDown;

  /** Whether putting need not wait: there is room, or it fails. */
  readonly #takesItems = (): boolean => !this.full() || this.#isShutDown;

  #finish(): void {
    this.#unfinished--;
    if (this.#unfinished === 0) this.#joiners.wakeAll();
  }
}
