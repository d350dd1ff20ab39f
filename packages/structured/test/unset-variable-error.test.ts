import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { UnsetVariableError } from "../src/unset-variable-error.js";

test("names the variable, and says what to do", () => {
  const error = new UnsetVariableError("requestId");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "UnsetVariableError", code: "TRESTLE_UNSET_VARIABLE" });
  expect(error.message).toBe(
    "Cannot get the variable 'requestId': it is not set in this task.\n" +
      "Give it a 'defaultValue', or set it in a parent task first.",
  );
});
