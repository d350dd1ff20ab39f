import { ArgumentError, describe } from "@trestle/host";
import type { QueueStore } from "./queue.js";

/** Says of two items which comes first: a negative number where it is the first one, a positive one where it is the second. */
export type Compare<T> = (a: T, b: T) => number;

interface Entry<T> {
  readonly item: T;
  readonly sequence: number;
}

/**
 * Items, the least first; those that are equal first in, first out. All places are found before anything is moved, so a
 * comparison that throws leaves everything as it was.
 */
export class Heap<T> implements QueueStore<T> {
  readonly #compare: Compare<T>;
  readonly #entries: Entry<T>[] = [];
  #sequence = 0;

  constructor(compare: Compare<T>) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#entries.length;
  }

  add(item: T): void {
    const entries = this.#entries;
    const entry = { item, sequence: this.#sequence };
    let top = entries.length;
    while (top > 0 && this.#isBefore(entry, this.#at(parentOf(top)))) top = parentOf(top);
    this.#sequence++;
    for (let place = entries.length; place > top; place = parentOf(place))
      entries[place] = this.#at(parentOf(place));
    entries[top] = entry;
  }

  take(): T {
    const entries = this.#entries;
    const first = this.#at(0);
    const last = entries.length - 1;
    const places = this.#wayDown(last);
    const entry = this.#at(last);
    entries.pop();
    let hole = 0;
    for (const place of places) {
      entries[hole] = this.#at(place);
      hole = place;
    }
    if (last > 0) entries[hole] = entry;
    return first.item;
  }

  /** The places whose entries move up when the last entry goes where the first was. */
  #wayDown(last: number): number[] {
    const places: number[] = [];
    for (let child = 1; child < last; child = 2 * child + 1) {
      const other = child + 1;
      if (other < last && this.#isBefore(this.#at(other), this.#at(child))) child = other;
      if (!this.#isBefore(this.#at(child), this.#at(last))) break;
      places.push(child);
    }
    return places;
  }

  #at(place: number): Entry<T> {
    return this.#entries[place] as Entry<T>;
  }

  #isBefore(a: Entry<T>, b: Entry<T>): boolean {
    const order = this.#compare(a.item, b.item);
    if (typeof order === "number" && !Number.isNaN(order))
      return order === 0 ? a.sequence < b.sequence : order < 0;
    throw new ArgumentError(
      `Cannot order the items of a queue by a comparison that gives ${describe(order)}: a number is wanted.\nGive a negative number where the first item comes first, as for 'sort'.`,
    );
  }
}

function parentOf(place: number): number {
  return (place - 1) >> 1;
}
