import type { Outcome } from "@trestle/host";
import { CancelledError, Future, type FutureOptions } from "@trestle/loop";

/**
 * What one flavor asks of a task that the other flavor hosts for it: to enter, to give the next item, to close. Cancelling it
 * only asks the host, once; it is done when the host says so, with what became of it.
 */
export class HostStep<T> extends Future<T> {
  readonly #ask: (message: string | undefined) => void;
  #isAsked = false;

  /** @param ask told when the step is cancelled */
  constructor(options: FutureOptions, ask: (message: string | undefined) => void) {
    super(options);
    this.#ask = ask;
  }

  /** Whether it was cancelled, be it done or not. */
  get isAsked(): boolean {
    return this.#isAsked;
  }

  override cancel(message?: string): boolean {
    if (this.done()) return false;
    if (!this.#isAsked) {
      this.#isAsked = true;
      this.#ask(message);
    }
    return true;
  }

  /** Ends it, unless it is done. */
  settle(outcome: Outcome<T>): void {
    if (this.done()) return;
    if (outcome.ok) {
      this.setResult(outcome.value);
      return;
    }
    const cancelled = cancellationOf(outcome.error);
    if (cancelled === undefined) this.setException(outcome.error);
    else this.endCancelled(cancelled);
  }
}

/** The CancelledError that an error of loop code is, or that it stands for, as the AbortError of a signal does. */
export function cancellationOf(error: unknown): CancelledError | undefined {
  if (error instanceof CancelledError) return error;
  if (!(error instanceof Error) || error.name !== "AbortError") return undefined;
  return error.cause instanceof CancelledError ? error.cause : undefined;
}
