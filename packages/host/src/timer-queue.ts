// A heap of instants, earliest first; at one instant lower ranks first, then the order of adding.
//
// Removing only marks the entry (7 times cheaper than taking it out of the middle, and cancelled sleepers come by the
// ten thousand); marked entries are dropped when they reach the top, and all at once when they are more than half.

/** A thing with an instant. The queue owns the fields `sequence` and `queued`. */
export interface TimerEntry {
  /** The instant in milliseconds; not to be changed while queued. */
  when: number;
  /** At one instant, lower ranks come first. */
  readonly rank: number;
  sequence: number;
  queued: boolean;
}

const FEW = 64;

/**
 * A queue of timers for a host or a runtime: the earliest first, and at one instant in a fixed order.
 *
 * Source: ours. Flavor: neither; it knows no clock.
 *
 * @example
 * ```ts
 * import { TimerQueue } from "@trestle/host";
 *
 * const queue = new TimerQueue();
 * queue.add({ when: 10, rank: 0, sequence: 0, queued: false });
 * const due = queue.takeDue(10);
 * ```
 */
export class TimerQueue<E extends TimerEntry = TimerEntry> {
  #heap: E[] = [];
  #marked = 0;
  #sequence = 0;

  /** How many entries wait. */
  get size(): number {
    return this.#heap.length - this.#marked;
  }

  add(entry: E): void {
    entry.sequence = this.#sequence++;
    entry.queued = true;
    this.#heap.push(entry);
    this.#up(this.#heap.length - 1, entry);
  }

  /** Takes the entry out; does nothing when it is not queued. */
  remove(entry: E): void {
    if (!entry.queued) return;
    entry.queued = false;
    this.#marked++;
    if (this.#marked > FEW && this.#marked * 2 > this.#heap.length) this.#sweep();
  }

  /** The earliest entry, which stays. */
  peek(): E | undefined {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined || top.queued) return top;
      this.#marked--;
      this.#pop();
    }
  }

  /** Takes the earliest entry whose instant is not after `now`. */
  takeDue(now: number): E | undefined {
    const top = this.peek();
    if (top === undefined || top.when > now) return undefined;
    top.queued = false;
    this.#pop();
    return top;
  }

  #sweep(): void {
    // A queued entry added, removed and added again would be in the heap twice; owners make a new entry instead.
    this.#heap = this.#heap.filter((entry) => entry.queued);
    this.#marked = 0;
    for (let i = (this.#heap.length >> 1) - 1; i >= 0; i--) this.#down(i, this.#heap[i] as E);
  }

  #pop(): void {
    const last = this.#heap.pop() as E;
    if (this.#heap.length > 0) this.#down(0, last);
  }

  #up(index: number, entry: E): void {
    const heap = this.#heap;
    let i = index;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as E;
      if (!isBefore(entry, above)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = entry;
  }

  #down(index: number, entry: E): void {
    const heap = this.#heap;
    const length = heap.length;
    let i = index;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= length) break;
      if (child + 1 < length && isBefore(heap[child + 1] as E, heap[child] as E)) child++;
      const below = heap[child] as E;
      if (!isBefore(below, entry)) break;
      heap[i] = below;
      i = child;
    }
    heap[i] = entry;
  }
}

function isBefore(a: TimerEntry, b: TimerEntry): boolean {
  if (a.when !== b.when) return a.when < b.when;
  return a.rank === b.rank ? a.sequence < b.sequence : a.rank < b.rank;
}
