/** The shortest way to hand values from one async function to another: a promise for each, and one taker at a time. */
export class Mailbox<T> {
  readonly #values: T[] = [];
  #taker: ((value: T) => void) | undefined;

  put(value: T): void {
    const taker = this.#taker;
    if (taker === undefined) {
      this.#values.push(value);
    } else {
      this.#taker = undefined;
      taker(value);
    }
  }

  take(): Promise<T> {
    return new Promise((resolve) => {
      if (this.#values.length > 0) resolve(this.#values.shift() as T);
      else this.#taker = resolve;
    });
  }
}
