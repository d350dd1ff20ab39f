import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { checkCount } from "../src/check-count.js";

test("takes whole numbers that are large enough, and nothing else", () => {
  expect([checkCount(0, 0, "count"), checkCount(7, 1, "count")]).toEqual([0, 7]);
  for (const count of [0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "1" as never])
    expect(() => checkCount(count, 1, "count to")).toThrow(ArgumentError);
  expect(() => checkCount(0, 1, "count to")).toThrow(
    "Cannot count to 0 (number): a whole number is wanted, 1 or more.",
  );
});
