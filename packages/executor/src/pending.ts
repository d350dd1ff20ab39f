import { failure, success, type Outcome, type Wait } from "@trestle/host";

/** Something under way: a Wait for either runtime's door, and for plain promise code something to await. */
export interface Pending<T> extends PromiseLike<T> {
  /** The wait for its end. It may be armed at any time, and more than once. */
  readonly wait: Wait<T>;
}

/**
 * Something under way that ends once, with an outcome that everybody who waits for it gets.
 *
 * Source: ours. Flavor: either.
 *
 * @example
 * ```ts
 * import { Completion } from "@trestle/executor";
 * import { success } from "@trestle/host";
 *
 * const completion = new Completion<string>();
 * completion.settle(success("printed"));
 * console.log(await completion);
 * ```
 */
export class Completion<T> implements Pending<T> {
  #outcome: Outcome<T> | undefined;
  #resumes: ((outcome: Outcome<T>) => void)[] = [];

  get outcome(): Outcome<T> | undefined {
    return this.#outcome;
  }

  readonly wait: Wait<T> = (resume) => {
    if (this.#outcome === undefined) {
      this.#resumes.push(resume);
      return () => {
        this.#resumes = this.#resumes.filter((other) => other !== resume);
        return "withdrawn";
      };
    }
    resume(this.#outcome);
    return () => "committed";
  };

  /** Ends it; from the second time on nothing happens. */
  settle(outcome: Outcome<T>): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    const resumes = this.#resumes;
    this.#resumes = [];
    for (const resume of resumes) resume(outcome);
  }

  then<R = T, F = never>(
    onValue?: ((value: T) => R | PromiseLike<R>) | null,
    onError?: ((reason: unknown) => F | PromiseLike<F>) | null,
  ): Promise<R | F> {
    return promiseOf(this.wait).then(onValue, onError);
  }
}

/** A promise of what a wait resumes with. Nothing aborts the wait. */
export function promiseOf<T>(wait: Wait<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    wait((outcome) => {
      if (outcome.ok) resolve(outcome.value);
      else reject(outcome.error);
    });
  });
}

/** Something that has ended with a value already. */
export function completed<T>(value: T): Completion<T> {
  const completion = new Completion<T>();
  completion.settle(success(value));
  return completion;
}

/** Something that has failed already. */
export function failed<T>(error: unknown): Completion<T> {
  const completion = new Completion<T>();
  completion.settle(failure(error));
  return completion;
}
