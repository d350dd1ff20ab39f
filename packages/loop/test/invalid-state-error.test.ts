import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { InvalidStateError } from "../src/invalid-state-error.js";

test("says what could not be done and why, with a name and a stable code", () => {
  const error = new InvalidStateError("Cannot do it.");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "InvalidStateError", code: "TRESTLE_INVALID_STATE" });
  expect(error.message.split("\n", 1)[0]).toBe("Cannot do it.");
});
