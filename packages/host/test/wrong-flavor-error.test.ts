import { expect, test } from "vitest";
import { WrongFlavorError } from "../src/wrong-flavor-error.js";
import { TrestleError } from "../src/trestle-error.js";

test("has a name, a stable code and the message that it was given", () => {
  const error = new WrongFlavorError("Cannot do it.");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({
    name: "WrongFlavorError",
    code: "TRESTLE_WRONG_FLAVOR",
    message: "Cannot do it.",
  });
});
