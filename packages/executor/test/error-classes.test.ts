import { ArgumentError, ExceptionGroup } from "@trestle/host";
import { expect, test } from "vitest";
import { errorClassOf, registerErrorClass } from "../src/error-classes.js";

test("the classes that are built in are known, and those that were registered", () => {
  class LimitError extends Error {}
  expect(errorClassOf("TypeError")).toBe(TypeError);
  expect(errorClassOf("ExceptionGroup")).toBe(ExceptionGroup);
  expect(errorClassOf("LimitError")).toBeUndefined();
  registerErrorClass(LimitError);
  expect(errorClassOf("LimitError")).toBe(LimitError);
});

test("what is no class of errors is refused", () => {
  for (const wrong of [undefined, "Error", Date, () => {}, class extends Error {}]) {
    expect(() => registerErrorClass(wrong as never)).toThrow(ArgumentError);
  }
});
