import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { CancelledError, makeCancelledError } from "../src/cancelled-error.js";

test("is a Trestle error with a name, a stable code and the message that was given to cancel", () => {
  for (const error of [new CancelledError("enough"), makeCancelledError("enough")]) {
    expect(error).toBeInstanceOf(CancelledError);
    expect(error).toBeInstanceOf(TrestleError);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe("CancelledError");
    expect(error.code).toBe("TRESTLE_CANCELLED");
    expect(error.message).toBe("enough");
    expect(String(error)).toBe("CancelledError: enough");
  }
});

test("has an empty message where none was given", () => {
  expect([new CancelledError().message, makeCancelledError(undefined).message]).toEqual(["", ""]);
  expect(makeCancelledError(undefined).stack).toBe("CancelledError");
});

test("has a stack where somebody threw it, and none where the loop made it", () => {
  expect(new CancelledError("x").stack).toMatch(/CancelledError.*\n\s+at /u);
  expect(makeCancelledError("x").stack).toBe("CancelledError: x");
});

test("takes a stack that somebody sets", () => {
  const error = makeCancelledError("x");
  error.stack = "elsewhere";
  expect(error.stack).toBe("elsewhere");
});

test("is recognized across copies of the package by its code", () => {
  const foreign = new TrestleError("CancelledError", "TRESTLE_CANCELLED", "");
  expect(foreign).toBeInstanceOf(CancelledError);
  expect(new TrestleError("OtherError", "TRESTLE_OTHER", "")).not.toBeInstanceOf(CancelledError);
});
