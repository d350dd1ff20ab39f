import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { InvalidStateError } from "../src/invalid-state-error.js";
import { PriorityQueue } from "../src/priority-queue.js";
import { Queue } from "../src/queue.js";
import { messages } from "./on-virtual-time.js";

function drain<T>(queue: Queue<T>): T[] {
  const items: T[] = [];
  while (!queue.empty()) items.push(queue.getNowait());
  return items;
}

test("gives the least item first", async () => {
  await messages(async () => {
    const queue = new PriorityQueue<number>();
    expect(queue).toBeInstanceOf(Queue);
    for (const item of [10, 9, 100, -1]) await queue.put(item);
    expect(drain(queue)).toEqual([-1, 9, 10, 100]);
  });
});

test("orders lists by their first item, and then by the next", () => {
  const queue = new PriorityQueue<readonly [number, string]>();
  queue.putNowait([10, "a"]);
  queue.putNowait([9, "c"]);
  queue.putNowait([9, "b"]);
  expect(drain(queue)).toEqual([
    [9, "b"],
    [9, "c"],
    [10, "a"],
  ]);
});

test("orders by 'compare', equal items first in, first out", () => {
  const queue = new PriorityQueue<string>(0, { compare: (a, b) => a.length - b.length });
  for (const item of ["ccc", "aa", "bb", "d"]) queue.putNowait(item);
  expect(drain(queue)).toEqual(["d", "aa", "bb", "ccc"]);
});

test("items without an order are refused, and the queue stays as it was", async () => {
  await messages(async () => {
    const queue = new PriorityQueue<object>();
    await queue.put({ only: true });
    await expect(queue.put({ second: true })).rejects.toThrow(ArgumentError);
    expect(() => queue.putNowait({ second: true })).toThrow("Give 'compare'");
    expect(drain(queue)).toEqual([{ only: true }]);
    queue.taskDone();
    expect(() => queue.taskDone()).toThrow(InvalidStateError);
  });
});

test("refuses what does not compare", () => {
  expect(() => new PriorityQueue(0, { compare: "size" as never })).toThrow(ArgumentError);
});
