/** Above so many slots a queue that has become short lets some go. */
const MANY_SLOTS = 1024;
const FEWEST_SLOTS = 4;

/** Items, first in, first out: a ring of slots, so that a queue that is filled and emptied in turns allocates nothing. */
export class Fifo<T> {
  /** As many as a power of two. */
  #slots: (T | undefined)[] = [];
  #first = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(item: T): void {
    if (this.#size === this.#slots.length)
      this.#resize(Math.max(FEWEST_SLOTS, this.#slots.length * 2));
    this.#slots[(this.#first + this.#size) & (this.#slots.length - 1)] = item;
    this.#size++;
  }

  /** Takes the oldest out; only where there is one. */
  take(): T {
    const slots = this.#slots;
    const item = slots[this.#first] as T;
    slots[this.#first] = undefined;
    this.#first = (this.#first + 1) & (slots.length - 1);
    this.#size--;
    if (slots.length > MANY_SLOTS && this.#size * 4 <= slots.length) this.#resize(slots.length / 2);
    return item;
  }

  #resize(length: number): void {
    const old = this.#slots;
    const slots: (T | undefined)[] = [];
    for (let i = 0; i < length; i++)
      slots.push(i < this.#size ? old[(this.#first + i) & (old.length - 1)] : undefined);
    this.#slots = slots;
    this.#first = 0;
  }
}
