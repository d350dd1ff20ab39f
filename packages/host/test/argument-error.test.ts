import { expect, test } from "vitest";
import { ArgumentError } from "../src/argument-error.js";
import { TrestleError } from "../src/trestle-error.js";

test("has a name, a stable code and the message that it was given", () => {
  const error = new ArgumentError("Cannot do it.");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({
    name: "ArgumentError",
    code: "TRESTLE_ARGUMENT",
    message: "Cannot do it.",
  });
});
