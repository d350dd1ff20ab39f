import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { checkDuration, checkInstant } from "../src/durations.js";

describe("a duration", () => {
  test.each([0, 0.5, 1, Infinity])("may be %d", (ms) => {
    expect(checkDuration(ms, "sleep")).toBe(ms);
  });

  test.each([-1, -Infinity, Number.NaN, "1", 1n, null, undefined, {}])("may not be %s", (ms) => {
    expect(() => checkDuration(ms as number, "sleep")).toThrow(ArgumentError);
  });

  test("that is none is shown with its type, and with what was meant", () => {
    expect(() => checkDuration("1" as unknown as number, "sleep")).toThrow(
      /^Cannot sleep: "1" \(string\) .*\n.*'sleepUntil', 'moveOnAt' or 'failAt'/,
    );
  });
});

describe("an instant", () => {
  test.each([0, -5, 0.5, Infinity, -Infinity])("may be %d", (at) => {
    expect(checkInstant(at, "sleep until")).toBe(at);
  });

  test.each([Number.NaN, "1", 1n, null, undefined, new Date(0)])("may not be %s", (at) => {
    expect(() => checkInstant(at as number, "sleep until")).toThrow(ArgumentError);
  });

  test("that is none is shown with its type, and with what was meant", () => {
    expect(() => checkInstant(new Date(0) as unknown as number, "sleep")).toThrow(
      /^Cannot sleep: a Date .*\n.*currentTime\(\)/,
    );
  });
});
