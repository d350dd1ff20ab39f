/** A queue of values. What was taken is forgotten in blocks: Array's own `shift` moves all the rest each time. */
export class Fifo<T> {
  #values: (T | undefined)[] = [];
  #taken = 0;

  get size(): number {
    return this.#values.length - this.#taken;
  }

  push(value: T): void {
    this.#values.push(value);
  }

  /** Takes the oldest; undefined where there is none. */
  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const value = this.#values[this.#taken];
    this.#values[this.#taken++] = undefined;
    if (this.#taken === this.#values.length) this.clear();
    else if (this.#taken > 1024 && this.#taken * 2 > this.#values.length) {
      this.#values = this.#values.slice(this.#taken);
      this.#taken = 0;
    }
    return value;
  }

  clear(): void {
    this.#values = [];
    this.#taken = 0;
  }
}
