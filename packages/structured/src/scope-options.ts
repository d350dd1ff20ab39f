// How a scope starts and how it ends, as its users see it.

/** How a scope starts. At most one of the two deadlines may be given. */
export interface CancelScopeOptions {
  /** The instant in milliseconds, in the time of `currentTime()`, at which the scope cancels itself. */
  readonly deadline?: number;
  /** The same, in milliseconds from the moment that the scope is entered. */
  readonly relativeDeadline?: number;
  /** Whether cancellations from outside are kept out. */
  readonly shield?: boolean;
  /** A name for reports. */
  readonly name?: string;
}

/** How a scope ended: with the body's value, or by catching its own cancellation. */
export type ScopeResult<T> =
  | { readonly cancelledCaught: false; readonly value: T }
  | { readonly cancelledCaught: true; readonly value: undefined };
