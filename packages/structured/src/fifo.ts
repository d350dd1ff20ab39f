/** So many places at the front, or as many as there are values, are let go of at once. */
const MANY_TAKEN = 64;

/** A queue of values: a list with its first places taken, which are let go of only now and then. */
export class Fifo<T> {
  #values: (T | undefined)[] = [];
  /** Where the oldest is. */
  #first = 0;

  get size(): number {
    return this.#values.length - this.#first;
  }

  push(value: T): void {
    this.#values.push(value);
  }

  /** Takes the oldest; undefined where there is none. */
  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const value = this.#values[this.#first];
    this.#values[this.#first++] = undefined;
    if (this.#first >= MANY_TAKEN && this.#first >= this.size) {
      this.#values = this.#values.slice(this.#first);
      this.#first = 0;
    }
    return value;
  }

  clear(): void {
    this.#values = [];
    this.#first = 0;
  }
}
