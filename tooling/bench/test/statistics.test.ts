import { expect, test } from "vitest";
import { summarize } from "../src/statistics.js";

test("finds the minimum and the middle of an odd number of samples", () => {
  expect(summarize([30, 10, 2000])).toEqual({ minimum: 10, median: 30 });
});

test("takes the mean of the two in the middle", () => {
  expect(summarize([4, 1, 3, 2])).toEqual({ minimum: 1, median: 2.5 });
});

test("leaves the samples in their order", () => {
  const samples = [3, 1, 2];
  summarize(samples);
  expect(samples).toEqual([3, 1, 2]);
});

test("orders samples as numbers", () => {
  expect(summarize([9, 10, 100])).toEqual({ minimum: 9, median: 10 });
});

test("refuses to summarize nothing", () => {
  expect(() => summarize([])).toThrow(RangeError);
});
