/** So many places at the front, or as many as there are values, are let go of at once. */
const MANY_TAKEN = 64;

/** A queue of values: a list with its first places taken, which are let go of, or used again, only now and then. */
export class Fifo<T> {
  #values: (T | undefined)[] = [];
  /** Where the oldest is. */
  #first = 0;
  /** Where the next comes. */
  #end = 0;

  get size(): number {
    return this.#end - this.#first;
  }

  push(value: T): void {
    this.#values[this.#end++] = value;
  }

  /** Takes the oldest; undefined where there is none. */
  shift(): T | undefined {
    if (this.#first === this.#end) return undefined;
    const value = this.#values[this.#first];
    this.#values[this.#first++] = undefined;
    if (this.#first >= MANY_TAKEN && this.#first >= this.size) this.#letGo();
    return value;
  }

  clear(): void {
    this.#values = [];
    this.#first = this.#end = 0;
  }

  #letGo(): void {
    // Emptied, a short one keeps its room: it is filled again.
    if (this.size > 0 || this.#first > MANY_TAKEN)
      this.#values = this.#values.slice(this.#first, this.#end);
    this.#end -= this.#first;
    this.#first = 0;
  }
}
