import { ArgumentError, describe } from "@trestle/host";
import { Heap, type Compare } from "./heap.js";
import { naturalOrder } from "./natural-order.js";
import { Queue } from "./queue.js";

/** How a PriorityQueue orders its items. */
export interface PriorityQueueOptions<T> {
  /** Says of two items which comes first, as for `sort`; the natural order unless given. */
  readonly compare?: Compare<T> | undefined;
}

/**
 * A queue that gives the least item first; of equal ones that which was put in first.
 *
 * The natural order is that of numbers, of strings, of dates, and of lists of these: `[priority, name]` is ordered by the priority,
 * and then by the name. Items that have none make `put` fail with an ArgumentError as soon as there are two to compare.
 *
 * Source: asyncio; `compare`, and the order of equal items, are ours. Flavor: loop.
 *
 * @example
 * ```ts
 * import { PriorityQueue } from "@trestle/loop";
 *
 * const jobs = new PriorityQueue<{ name: string; due: number }>(0, { compare: (a, b) => a.due - b.due });
 * jobs.putNowait({ name: "wash", due: 20 });
 * jobs.putNowait({ name: "sweep", due: 10 });
 * jobs.getNowait(); // sweep
 * ```
 */
export class PriorityQueue<T> extends Queue<T> {
  /**
   * @param maxsize how many items it has room for, a whole number or Infinity; 0 or less for no limit
   * @throws ArgumentError
   */
  constructor(maxsize = 0, { compare = naturalOrder }: PriorityQueueOptions<T> = {}) {
    if (typeof compare !== "function") {
      throw new ArgumentError(
        `Cannot make a queue that compares by ${describe(compare)}: a function is wanted.`,
      );
    }
    super(maxsize, new Heap<T>(compare));
  }
}
