import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { numberOf } from "../../src/readiness/descriptor.js";

test("a descriptor is a number, or what has one as 'fd'", () => {
  expect([numberOf(0, "read"), numberOf({ fd: 2 ** 31 - 1 }, "read")]).toEqual([0, 2 ** 31 - 1]);
});

test.each([-1, 1.5, Number.NaN, 2 ** 31, "1", undefined, null, {}, { fd: "1" }, { fd: -1 }])(
  "%s is refused",
  (bad) => {
    expect(() => numberOf(bad as never, "read")).toThrow(ArgumentError);
    expect(() => numberOf(bad as never, "read")).toThrow(
      /^Cannot read .*: a descriptor is a whole number, 0 or more\.\n/,
    );
  },
);
