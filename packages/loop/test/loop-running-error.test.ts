import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { LoopRunningError } from "../src/loop-running-error.js";

test("says what could not be done and what to do, with a name and a stable code", () => {
  const error = new LoopRunningError("close the event loop", "Call 'stop'.");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({
    name: "LoopRunningError",
    code: "TRESTLE_LOOP_RUNNING",
    message: "Cannot close the event loop: the event loop is running.\nCall 'stop'.",
  });
});
