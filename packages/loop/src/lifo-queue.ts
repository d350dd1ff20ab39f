import { Queue, type QueueStore } from "./queue.js";

/** Items, last in, first out. */
class Stack<T> implements QueueStore<T> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  add(item: T): void {
    this.#items.push(item);
  }

  take(): T {
    return this.#items.pop() as T;
  }
}

/**
 * A queue that gives the item that was put in last.
 *
 * Source: asyncio. Flavor: loop.
 *
 * @example
 * ```ts
 * import { LifoQueue } from "@trestle/loop";
 *
 * const plates = new LifoQueue<string>();
 * plates.putNowait("lower");
 * plates.putNowait("upper");
 * plates.getNowait(); // "upper"
 * ```
 */
export class LifoQueue<T> extends Queue<T> {
  /**
   * @param maxsize how many items it has room for, a whole number or Infinity; 0 or less for no limit
   * @throws ArgumentError
   */
  constructor(maxsize = 0) {
    super(maxsize, new Stack<T>());
  }
}
