import { ArgumentError, describe } from "@trestle/host";

/** How much a connection keeps. */
export interface BufferOptions {
  /**
   * How many bytes a line may have, and `readuntil` give without the separator; 65,536 unless given. With more than twice as many
   * waiting to be read, nothing more is taken from the other side.
   */
  readonly limit?: number;
  /** With more bytes than this unsent `drain` waits until no more than a quarter of it is left; 65,536 unless given. */
  readonly highWaterMark?: number;
}

/** How much a reader takes unless it is told. */
export const DEFAULT_LIMIT = 65_536;

/** Throws ArgumentError for what is no limit of a reader. */
export function checkLimit(limit: number, action: string): void {
  if (limit === Number.POSITIVE_INFINITY || (Number.isInteger(limit) && limit > 0)) return;
  throw new ArgumentError(
    `Cannot ${action} with a limit of ${describe(limit)}: a whole number of bytes, 1 or more, is wanted.`,
  );
}

/** Throws ArgumentError for what no connection can keep. */
export function checkBuffers(
  { limit = 1, highWaterMark = 0 }: BufferOptions,
  action: string,
): void {
  checkLimit(limit, action);
  if (typeof highWaterMark === "number" && highWaterMark >= 0) return;
  throw new ArgumentError(
    `Cannot ${action} with a high water mark of ${describe(highWaterMark)}: a number of bytes, 0 or more, is wanted.`,
  );
}
