import { describe, expect, test } from "vitest";
import { Fifo } from "../src/fifo.js";

function drain<T>(fifo: Fifo<T>): (T | undefined)[] {
  const taken: (T | undefined)[] = [];
  while (fifo.size > 0) taken.push(fifo.shift());
  return taken;
}

describe("a Fifo", () => {
  test("gives what was pushed, the oldest first", () => {
    const fifo = new Fifo<number>();
    for (const value of [1, 2, 3]) fifo.push(value);
    expect(fifo.size).toBe(3);
    expect(drain(fifo)).toEqual([1, 2, 3]);
    expect(fifo.shift()).toBeUndefined();
  });

  test("keeps the order while it is filled and emptied in turns, past its own housekeeping", () => {
    const fifo = new Fifo<number>();
    const taken: (number | undefined)[] = [];
    let next = 0;
    for (let i = 0; i < 3000; i++) {
      fifo.push(next++);
      fifo.push(next++);
      taken.push(fifo.shift());
    }
    expect(fifo.size).toBe(3000);
    taken.push(...drain(fifo));
    expect(taken).toEqual(Array.from({ length: 6000 }, (_, i) => i));
  });

  test("grows while its first value stands in the middle of the ring", () => {
    const fifo = new Fifo<number>();
    for (let i = 0; i < 4; i++) fifo.push(i);
    expect([fifo.shift(), fifo.shift()]).toEqual([0, 1]);
    for (let i = 4; i < 20; i++) fifo.push(i);
    expect(drain(fifo)).toEqual(Array.from({ length: 18 }, (_, i) => i + 2));
  });

  test("keeps what is left when it has let slots go", () => {
    const fifo = new Fifo<number>();
    for (let i = 0; i < 10_000; i++) fifo.push(i);
    for (let i = 0; i < 9000; i++) expect(fifo.shift()).toBe(i);
    for (let i = 10_000; i < 10_100; i++) fifo.push(i);
    expect(drain(fifo)).toEqual(Array.from({ length: 1100 }, (_, i) => i + 9000));
  });

  test("holds undefined as a value like any other", () => {
    const fifo = new Fifo<undefined>();
    fifo.push(undefined);
    expect(fifo.size).toBe(1);
    expect(drain(fifo)).toEqual([undefined]);
  });

  test("can be cleared", () => {
    const fifo = new Fifo<number>();
    fifo.push(1);
    fifo.clear();
    expect(fifo.size).toBe(0);
    fifo.push(2);
    expect(drain(fifo)).toEqual([2]);
  });
});
