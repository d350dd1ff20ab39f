// Failures that nobody has looked at. A future that failed is entered, and struck out as soon as somebody asks for its result
// or awaits it. What is collected while it is still entered is reported then, and everything else when the loop closes: so
// nothing is lost because somebody kept a reference. An entry must not refer to its future, or that would never be collected; an
// error does as long as nobody has read its stack, for V8 keeps what the functions on it were called on.
import { DeadlockError } from "@trestle/host";
import { CancelledError } from "./cancelled-error.js";

/** Tells somebody of a failure: of what, and in debug mode where that was made. */
export type ReportFailure = (error: unknown, what: string, stack: string | undefined) => void;

/** A failure that nobody has looked at. */
export interface UnseenFailure {
  readonly book: FailureBook;
  readonly error: unknown;
  /** Whose failure: a future's description. */
  readonly what: string;
  readonly stack: string | undefined;
}

/** The unseen failures of a loop. */
export class FailureBook {
  readonly #entries = new Set<UnseenFailure>();
  readonly #report: ReportFailure;

  constructor(report: ReportFailure) {
    this.#report = report;
  }

  /**
   * Enters the failure of a future. A cancellation is none, and a deadlock is thrown wherever something waits, so that
   * somebody has seen it.
   */
  enter(future: object, error: unknown, what: string, stack?: string): UnseenFailure | undefined {
    if (error instanceof CancelledError || error instanceof DeadlockError) return undefined;
    readStack(error);
    const entry: UnseenFailure = { book: this, error, what, stack };
    this.#entries.add(entry);
    collected.register(future, entry, entry);
    return entry;
  }

  /** Somebody has looked at it. */
  strike(entry: UnseenFailure): void {
    this.#entries.delete(entry);
    collected.unregister(entry);
  }

  /** Reports it if it is still entered. */
  report(entry: UnseenFailure): void {
    if (!this.#entries.delete(entry)) return;
    collected.unregister(entry);
    this.#report(entry.error, entry.what, entry.stack);
  }

  /** Reports all that are still entered. */
  reportAll(): void {
    for (const entry of this.#entries) this.report(entry);
  }
}

const collected = new FinalizationRegistry<UnseenFailure>((entry) => entry.book.report(entry));

/** How many causes of an error are looked at: there may be a circle of them. */
const MOST_CAUSES = 10;

/** Makes the stack of an error a text, and so those of its causes. */
function readStack(error: unknown): void {
  let cause = error;
  try {
    for (let left = MOST_CAUSES; left > 0 && cause instanceof Error; left--) {
      void cause.stack;
      cause = cause.cause;
    }
  } catch {
    // Whose error it is may have made a stack of its own, which is not this book's affair.
  }
}
