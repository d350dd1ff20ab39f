// What may be given to a stream: bytes to send, and a number of bytes to receive.
import { ArgumentError, describe } from "@trestle/host";

/** Throws ArgumentError for what is no Uint8Array; one of another realm passes. */
export function requireBytes(data: unknown, action: string): asserts data is Uint8Array {
  if (Object.prototype.toString.call(data) === "[object Uint8Array]") return;
  throw new ArgumentError(
    `Cannot ${action} ${describe(data)}: a Uint8Array is wanted.\n` +
      "Text becomes bytes by 'new TextEncoder().encode(text)'.",
  );
}

/** Throws ArgumentError for what is no number of bytes, from `least` up. */
export function requireCount(count: unknown, least: number, action: string): void {
  if (Number.isInteger(count) && (count as number) >= least) return;
  throw new ArgumentError(
    `Cannot ${action} ${describe(count)} bytes: a whole number is wanted, ${least} or more.`,
  );
}

/** The same for `maxBytes` of `receiveSome`, which may be left out. */
export function requireMaxBytes(maxBytes: number | undefined): void {
  if (maxBytes !== undefined) requireCount(maxBytes, 1, "receive at most");
}

/** What `receiveSome` gives at the end of a stream. */
export function noBytes(): Uint8Array {
  return new Uint8Array(0);
}
