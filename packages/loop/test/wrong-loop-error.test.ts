import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { WrongLoopError } from "../src/wrong-loop-error.js";

test("says what could not be done and why, with a name and a stable code", () => {
  const error = new WrongLoopError("await the reply");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "WrongLoopError", code: "TRESTLE_WRONG_LOOP" });
  expect(error.message.split("\n", 1)[0]).toBe(
    "Cannot await the reply: it belongs to another event loop.",
  );
});
