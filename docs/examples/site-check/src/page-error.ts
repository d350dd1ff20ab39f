/** A page could not be had. */
export class PageError extends Error {
  override readonly name = "PageError";
  /** Whether the next try may go better: the server is busy, or the connection broke. */
  readonly passing: boolean;

  constructor(reason: string, options: { readonly passing: boolean; readonly cause?: unknown }) {
    super(reason, { cause: options.cause });
    this.passing = options.passing;
  }
}
