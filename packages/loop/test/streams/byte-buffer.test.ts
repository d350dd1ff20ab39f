import { expect, test } from "vitest";
import { ByteBuffer } from "../../src/streams/byte-buffer.js";

test("gives back what was put in, in order, in pieces of any size", () => {
  const buffer = new ByteBuffer();
  const pieces = Array.from({ length: 2000 }, (_, i) => String(i));
  let taken = "";
  for (const piece of pieces) {
    buffer.add(Buffer.from(piece));
    taken += String(buffer.take(2));
  }
  taken += String(buffer.take());
  expect(taken).toBe(pieces.join(""));
  expect(buffer.size).toBe(0);
});

test("what is taken and what was put in are nobody else's memory", () => {
  const buffer = new ByteBuffer();
  const given = Buffer.from("abc");
  buffer.add(given);
  given.fill(0);
  const taken = buffer.take(3);
  buffer.add(Buffer.from("xyz"));
  expect(String(taken)).toBe("abc");
});

test("finds what begins at a place or behind it, among what is there", () => {
  const buffer = new ByteBuffer();
  buffer.add(Buffer.from("ab--cd--ef"));
  buffer.take(1);
  const wanted = Buffer.from("--");
  expect([0, 1, 2, 6].map((from) => buffer.indexOf(wanted, from))).toEqual([1, 1, 5, -1]);
  buffer.take();
  expect(buffer.indexOf(wanted, 0)).toBe(-1);
});
