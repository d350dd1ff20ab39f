import { expect, test } from "vitest";
import { Fifo } from "../src/fifo.js";

test("gives its items in the order of their adding, however it grows and shrinks", () => {
  const fifo = new Fifo<number>();
  let added = 0;
  let taken = 0;
  for (const [more, fewer] of [
    [3, 2],
    [10, 11],
    [5000, 4990],
    [1, 11],
    [20, 20],
  ] as const) {
    for (let i = 0; i < more; i++) fifo.add(added++);
    for (let i = 0; i < fewer; i++) expect(fifo.take()).toBe(taken++);
    expect(fifo.size).toBe(added - taken);
  }
  expect(fifo.size).toBe(0);
});
