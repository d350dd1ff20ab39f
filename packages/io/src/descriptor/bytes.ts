// What may be given to read and write: bytes, and a number of bytes.
import { ArgumentError, describe } from "@trestle/host";

/** Throws ArgumentError for what is no Uint8Array; one of another realm passes. */
export function requireBytes(data: unknown, action: string): asserts data is Uint8Array {
  if (Object.prototype.toString.call(data) === "[object Uint8Array]") return;
  throw new ArgumentError(
    `Cannot ${action} ${describe(data)}: a Uint8Array is wanted.\n` +
      "Text becomes bytes by 'new TextEncoder().encode(text)'.",
  );
}

/** Throws ArgumentError for what is no number of bytes from 1 up; undefined passes. */
export function requireMaxBytes(maxBytes: unknown): void {
  if (maxBytes === undefined || (Number.isInteger(maxBytes) && (maxBytes as number) >= 1)) return;
  throw new ArgumentError(
    `Cannot receive at most ${describe(maxBytes)} bytes: a whole number is wanted, 1 or more.`,
  );
}
