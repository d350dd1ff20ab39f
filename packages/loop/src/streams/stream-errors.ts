import { TrestleError } from "@trestle/host";

/**
 * A stream has ended before everything came that was to be read.
 *
 * Source: asyncio. Flavor: loop.
 */
export class IncompleteReadError extends TrestleError {
  static override readonly code = "TRESTLE_PARTIAL_READ";

  /** What did come. It has been taken from the stream. */
  readonly partial: Buffer;
  /** How many bytes were to be read; undefined where it was up to a separator. */
  readonly expected: number | undefined;

  constructor(partial: Buffer, expected: number | undefined) {
    const wanted = expected === undefined ? "up to the separator" : `${expected} bytes`;
    super(
      "IncompleteReadError",
      new.target.code,
      `Cannot read ${wanted}: the stream has ended after ${partial.length} bytes.\n'partial' has those.`,
    );
    this.partial = partial;
    this.expected = expected;
  }
}

/**
 * The separator did not come within the limit of a reader. After `readuntil` the bytes are still there to be read; `readline`
 * has thrown the line away.
 *
 * Source: asyncio. Flavor: loop.
 */
export class LimitOverrunError extends TrestleError {
  static override readonly code = "TRESTLE_LIMIT_OVERRUN";

  /** How many bytes there are that have no separator in them. */
  readonly consumed: number;

  constructor(limit: number, consumed: number) {
    super(
      "LimitOverrunError",
      new.target.code,
      `Cannot read up to the separator: it is not among the first ${limit} bytes.\nSet 'limit' higher, or treat the other side as broken.`,
    );
    this.consumed = consumed;
  }
}

/**
 * A connection is there no more, so that nothing can be written. The cause is the platform's error, where there was one.
 *
 * Source: the ConnectionResetError of asyncio. Flavor: loop.
 */
export class ConnectionLostError extends TrestleError {
  static override readonly code = "TRESTLE_CONNECTION_LOST";

  constructor(action: string, options?: ErrorOptions) {
    super(
      "ConnectionLostError",
      new.target.code,
      `Cannot ${action}: the connection is lost.\nStop writing, and close the writer.`,
      options,
    );
  }
}
