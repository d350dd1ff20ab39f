import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { NoLoopError } from "../src/no-loop-error.js";

test("says what could not be done and why, with a name and a stable code", () => {
  const error = new NoLoopError("sleep");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "NoLoopError", code: "TRESTLE_NO_LOOP" });
  expect(error.message.split("\n", 1)[0]).toBe("Cannot sleep: no event loop is running here.");
});
