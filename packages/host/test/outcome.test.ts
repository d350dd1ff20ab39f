import { expect, test } from "vitest";
import { failure, success, unwrap, type Outcome } from "../src/outcome.js";

test("gives the value of a success", () => {
  const value = { some: "thing" };
  expect(success(value)).toEqual({ ok: true, value });
  expect(unwrap(success(value))).toBe(value);
});

test("knows a success without a value", () => {
  expect(success()).toEqual({ ok: true, value: undefined });
  expect(unwrap(success())).toBeUndefined();
});

test.each([false, null, 0, ""])("keeps the value %j", (value) => {
  expect(unwrap(success(value))).toBe(value);
});

test("throws the very error of a failure", () => {
  const error = new Error("no route");
  const outcome: Outcome<number> = failure(error);
  expect(outcome).toEqual({ ok: false, error });
  const thrown = caughtFrom(() => unwrap(outcome));
  expect(thrown).toBe(error);
});

test("throws a failure's error also where it is no Error", () => {
  expect(caughtFrom(() => unwrap(failure(undefined)))).toBeUndefined();
});

function caughtFrom(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
