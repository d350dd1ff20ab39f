import { TrestleError } from "@trestle/host";

/** A stream has ended before everything came that was to be read. What did come is still there to be received. */
export class IncompleteReadError extends TrestleError {
  static override readonly code = "TRESTLE_INCOMPLETE_READ";

  /** How many bytes are there. */
  readonly available: number;

  /** @param wanted what was to be read: "10 bytes" */
  constructor(wanted: string, available: number) {
    super(
      "IncompleteReadError",
      new.target.code,
      `Cannot read ${wanted}: the stream has ended, with ${available} bytes left.\n` +
        "'receiveSome' gives those.",
    );
    this.available = available;
  }
}

/** The delimiter did not come among the bytes that it was looked for in. They are still there to be received. */
export class DelimiterNotFoundError extends TrestleError {
  static override readonly code = "TRESTLE_DELIMITER_NOT_FOUND";

  /** How many bytes there may be before the delimiter. */
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(
      "DelimiterNotFoundError",
      new.target.code,
      `Cannot read up to the delimiter: it is not among the first ${maxBytes} bytes.\n` +
        "Set 'maxBytes' higher, or treat the other side as broken.",
    );
    this.maxBytes = maxBytes;
  }
}
