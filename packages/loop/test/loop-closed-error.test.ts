import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { LoopClosedError } from "../src/loop-closed-error.js";

test("says what could not be done and why, with a name and a stable code", () => {
  const error = new LoopClosedError("call soon");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "LoopClosedError", code: "TRESTLE_LOOP_CLOSED" });
  expect(error.message.split("\n", 1)[0]).toBe("Cannot call soon: the event loop is closed.");
});
