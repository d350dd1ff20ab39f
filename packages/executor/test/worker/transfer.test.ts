import { expect, test } from "vitest";
import { transfer, transferListOf } from "../../src/worker/transfer.js";

test("remembers what of a result is moved", () => {
  const bytes = new Uint8Array(8);
  expect(transfer(bytes, [bytes.buffer])).toBe(bytes);
  expect(transferListOf(bytes)).toEqual([bytes.buffer]);
  for (const other of [new Uint8Array(8), 5, null, undefined])
    expect(transferListOf(other)).toBeUndefined();
});
