import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { Heap } from "../src/heap.js";

/** Numbers that look random and are always the same. */
function* numbers(count: number): Generator<number> {
  let seed = 12_345;
  for (let i = 0; i < count; i++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield seed % 100;
  }
}

function drain<T>(heap: Heap<T>): T[] {
  const items: T[] = [];
  while (heap.size > 0) items.push(heap.take());
  return items;
}

test("gives the least first, and equal ones in the order of their adding", () => {
  const heap = new Heap<{ key: number; added: number }>((a, b) => a.key - b.key);
  const items = [...numbers(500)].map((key, added) => ({ key, added }));
  for (const item of items) heap.add(item);
  expect(drain(heap)).toEqual(items.toSorted((a, b) => a.key - b.key || a.added - b.added));
});

test("stays in order where items come and go in turns", () => {
  const heap = new Heap<number>((a, b) => a - b);
  const mirror: number[] = [];
  let step = 0;
  for (const number of numbers(2000)) {
    if (step++ % 3 === 2) {
      mirror.sort((a, b) => a - b);
      expect(heap.take()).toBe(mirror.shift());
    } else {
      heap.add(number);
      mirror.push(number);
    }
  }
  expect(drain(heap)).toEqual(mirror.toSorted((a, b) => a - b));
});

test("a comparison that throws changes nothing", () => {
  let fails = false;
  const heap = new Heap<number>((a, b) => {
    if (fails) throw new Error("cannot compare");
    return a - b;
  });
  for (const number of [5, 3, 4, 1, 2]) heap.add(number);
  fails = true;
  expect(() => heap.add(0)).toThrow("cannot compare");
  expect(() => heap.take()).toThrow("cannot compare");
  fails = false;
  expect(drain(heap)).toEqual([1, 2, 3, 4, 5]);
});

test("refuses a comparison that gives no number", () => {
  const heap = new Heap<number>(((a: number, b: number) => a < b) as never);
  heap.add(1);
  expect(() => heap.add(2)).toThrow(ArgumentError);
  expect(heap.size).toBe(1);
});
