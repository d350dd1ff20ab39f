import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { checkCount } from "../../src/sync/count.js";

describe("a count of those who wait", () => {
  test.each([0, 1, 1000, Infinity])("may be %d", (count) => {
    expect(checkCount(count, "wake")).toBe(count);
  });

  test.each([-1, 1.5, Number.NaN, -Infinity, "2", null])("cannot be %j", (count) => {
    expect(() => checkCount(count as number, "wake")).toThrow(ArgumentError);
  });

  test("is named in the error, with what it was for", () => {
    expect(() => checkCount(1.5, "wake")).toThrow(
      "Cannot wake 1.5 (number) of those who wait: a whole number, 0 or more, or Infinity is wanted.",
    );
  });
});
