import { expect, test } from "vitest";
import { Batch } from "../src/batch.js";
import type { Ready } from "../src/ready.js";

const ready = (): Ready => ({ withdrawn: false, step: () => true });

test("gives what was added, first in, first out, and then nothing", () => {
  const batch = new Batch();
  const items = [ready(), ready(), ready()];
  for (const item of items) batch.add(item);
  expect(batch.isEmpty).toBe(false);
  expect([batch.take(), batch.take(), batch.take(), batch.take()]).toEqual([...items, undefined]);
  expect(batch.isEmpty).toBe(true);
});

test("can be filled again, also after it was very large", () => {
  const batch = new Batch();
  for (let round = 0; round < 3; round++) {
    const items = Array.from({ length: 3000 }, ready);
    for (const item of items) batch.add(item);
    expect(items.every((item) => batch.take() === item)).toBe(true);
    expect(batch.take()).toBeUndefined();
  }
});
