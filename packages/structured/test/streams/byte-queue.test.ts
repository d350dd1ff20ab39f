import { describe, expect, test } from "vitest";
import { ByteQueue } from "../../src/streams/byte-queue.js";
import { bytes, text } from "./text.js";

describe("a queue of bytes", () => {
  test("gives what was put in, in order, in pieces of any size", () => {
    const queue = new ByteQueue();
    let put = 0;
    let taken = 0;
    const expectNext = (bytesTaken: Uint8Array): void => {
      expect(bytesTaken.every((byte) => byte === (taken++ & 255))).toBe(true);
    };
    for (let i = 1; i < 500; i++) {
      const chunk = Uint8Array.from({ length: (i * 37) % 211 }, () => put++ & 255);
      queue.push(chunk);
      expectNext(queue.take((i * 53) % 199));
      expect(queue.size).toBe(put - taken);
    }
    expectNext(queue.take());
    expect(taken).toBe(put);
    expect(queue.take()).toHaveLength(0);
  });

  test("keeps no hold of what was put in or taken", () => {
    const queue = new ByteQueue();
    const given = bytes("abc");
    queue.push(given);
    given.fill(0);
    const taken = queue.take(1);
    taken.fill(0);
    queue.push(bytes("d"));
    expect(text(queue.take())).toBe("bcd");
  });

  test("finds where bytes begin, counted from the first that is there", () => {
    const queue = new ByteQueue();
    queue.push(bytes("xxabab"));
    queue.take(2);
    queue.push(bytes("abc"));
    expect(queue.indexOf(bytes("abc"))).toBe(4);
    expect(queue.indexOf(bytes("ab"))).toBe(0);
    expect(queue.indexOf(bytes("ab"), 1)).toBe(2);
    expect(queue.indexOf(bytes("abcd"))).toBe(-1);
    expect(queue.indexOf(bytes("x"))).toBe(-1);
  });

  test("does not find what is there no more", () => {
    const queue = new ByteQueue();
    queue.push(bytes("abc"));
    queue.take(2);
    expect(queue.indexOf(bytes("ab"))).toBe(-1);
    queue.clear();
    expect(queue.indexOf(bytes("c"))).toBe(-1);
    expect(queue.size).toBe(0);
  });
});
