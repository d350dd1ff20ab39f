import { expect, test } from "vitest";
import { InternalError } from "../src/internal-error.js";
import { TrestleError } from "../src/trestle-error.js";

test("has a name, a stable code and the message that it was given", () => {
  const error = new InternalError("Cannot do it.");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({
    name: "InternalError",
    code: "TRESTLE_INTERNAL",
    message: "Cannot do it.",
  });
});

test("keeps the cause that it was given", () => {
  const cause = new Error("the first to fail");
  expect(new InternalError("Cannot go on.", { cause }).cause).toBe(cause);
});
