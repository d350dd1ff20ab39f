import { expect, test } from "vitest";
import { NativeMissingError } from "../../src/readiness/native-missing-error.js";

test("says what could not be done, and why", () => {
  const error = new NativeMissingError("open a pipe", "the package has none for plan9-mips");
  expect(error.code).toBe("TRESTLE_NATIVE_MISSING");
  expect(error.message).toMatch(
    /^Cannot open a pipe: that takes the native part of @trestle\/io, and the package has none for plan9-mips\.\n/,
  );
});
