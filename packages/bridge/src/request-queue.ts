import { success, type Outcome } from "@trestle/host";
import type { Operation } from "@trestle/structured";
import { suspend } from "@trestle/structured/lowlevel";

/** What loop code asks of a structured task, in order, and the task's waiting for it. */
export class RequestQueue<R> {
  readonly #requests: R[] = [];
  readonly #waiting = new Set<(outcome: Outcome<void>) => void>();

  /** Asks, and wakes whoever waits for that. */
  push(request: R): void {
    this.#requests.push(request);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resume of waiting) resume(success());
  }

  /** Takes back what nobody has taken. */
  remove(request: R): void {
    const at = this.#requests.indexOf(request);
    if (at !== -1) this.#requests.splice(at, 1);
  }

  /** Takes all that is left. */
  takeAll(): R[] {
    return this.#requests.splice(0);
  }

  /** Waits until something is asked, and leaves it there. */
  *first(): Operation<R> {
    for (;;) {
      const [request] = this.#requests;
      if (request !== undefined) return request;
      yield* suspend<void>((resume) => {
        this.#waiting.add(resume);
        return () => {
          this.#waiting.delete(resume);
          return "withdrawn";
        };
      }, "what loop code asks for next");
    }
  }
}
