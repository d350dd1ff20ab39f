import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { LoopStoppedError } from "../src/loop-stopped-error.js";

test("says what could not be done and why, with a name and a stable code", () => {
  const error = new LoopStoppedError("the reply");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "LoopStoppedError", code: "TRESTLE_LOOP_STOPPED" });
  expect(error.message.split("\n", 1)[0]).toBe(
    "Cannot wait for the reply: the event loop was stopped before it was done.",
  );
});
