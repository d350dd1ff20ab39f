import { expect, test } from "vitest";
import { hasCode, isSystemError } from "../../src/net/system-error.js";

const refused = Object.assign(new Error("connect ECONNREFUSED"), {
  code: "ECONNREFUSED",
  syscall: "connect",
});

test("tells errors of the system from those of a program", () => {
  expect(isSystemError(refused)).toBe(true);
  expect(isSystemError(new TypeError("a bug"))).toBe(false);
  expect(isSystemError({ syscall: "connect" })).toBe(false);
  expect(isSystemError(undefined)).toBe(false);
});

test("looks for codes", () => {
  expect(hasCode(refused, "EMFILE", "ECONNREFUSED")).toBe(true);
  expect(hasCode(refused, "EMFILE")).toBe(false);
  expect(hasCode(new Error("none"), "EMFILE")).toBe(false);
  expect(hasCode("EMFILE", "EMFILE")).toBe(false);
});
