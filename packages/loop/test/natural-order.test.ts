import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { naturalOrder } from "../src/natural-order.js";

test.each<[unknown, unknown, number]>([
  [1, 2, -1],
  [2n, 1, 1],
  [1, 1n, 0],
  [Number.NEGATIVE_INFINITY, 0, -1],
  ["a", "b", -1],
  ["B", "a", -1],
  [new Date(1), new Date(2), -1],
  [[10, "a"], [9, "b"], 1],
  [[1, "a"], [1, "b"], -1],
  [[1], [1, 0], -1],
  [[], [], 0],
  [[1, [2, 3]], [1, [2, 4]], -1],
])("%o against %o is %i", (a, b, order) => {
  expect(Math.sign(naturalOrder(a, b))).toBe(order);
  expect(Math.sign(naturalOrder(b, a))).toBe(order === 0 ? 0 : -order);
});

test("the same thing in two lists need not have an order", () => {
  const same = { id: 1 };
  expect(naturalOrder([1, same, 2], [1, same, 3])).toBeLessThan(0);
});

test.each<[unknown, unknown]>([
  [Number.NaN, 1],
  ["1", 1],
  [{}, {}],
  [undefined, undefined],
  [[1], 1],
  [
    [1, {}],
    [1, {}],
  ],
  [new Date(Number.NaN), new Date(1)],
])("%o has no order with %o", (a, b) => {
  expect(() => naturalOrder(a, b)).toThrow(ArgumentError);
});
