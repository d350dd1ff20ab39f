/** A line of people who wait, on promises: the base of the locks and queues of these tests. */
export class PromiseLine {
  readonly #people: { readonly call: () => void }[] = [];

  get length(): number {
    return this.#people.length;
  }

  /** Waits to be called; gives up, and leaves the line, when the signal says so. */
  wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const person = { call: resolve };
      this.#people.push(person);
      signal.addEventListener("abort", () => {
        const place = this.#people.indexOf(person);
        if (place >= 0) this.#people.splice(place, 1);
        reject(signal.reason as Error);
      });
    });
  }

  callFirst(): boolean {
    return this.#call(this.#people.shift());
  }

  callLast(): boolean {
    return this.#call(this.#people.pop());
  }

  #call(person: { readonly call: () => void } | undefined): boolean {
    person?.call();
    return person !== undefined;
  }
}
