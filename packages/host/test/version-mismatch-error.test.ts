import { expect, test } from "vitest";
import { TrestleError } from "../src/trestle-error.js";
import { VersionMismatchError } from "../src/version-mismatch-error.js";

test("names the package and both versions", () => {
  const error = new VersionMismatchError("@trestle/loop", 2, 1);
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "VersionMismatchError", code: "TRESTLE_VERSION_MISMATCH" });
  expect(error.message).toContain("'@trestle/loop'");
  expect(error.message).toContain("state version 2 here, 1 in the copy loaded first");
});
