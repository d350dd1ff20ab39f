import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { NoTaskError } from "../src/no-task-error.js";

test("says what could not be done and why, with a name and a stable code", () => {
  const error = new NoTaskError("set a timeout");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "NoTaskError", code: "TRESTLE_NO_TASK" });
  expect(error.message.split("\n", 1)[0]).toBe(
    "Cannot set a timeout: no task of the event loop is running here.",
  );
});
