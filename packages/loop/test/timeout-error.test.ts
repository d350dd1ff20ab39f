import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { TimeoutError } from "../src/timeout-error.js";

test("says what was not done in time, with a name, a stable code and the cause", () => {
  const cause = new Error("cancelled");
  const error = new TimeoutError("the download in 10 ms", { cause });
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "TimeoutError", code: "TRESTLE_TIMEOUT", cause });
  expect(error.message).toMatch(/^Cannot finish the download in 10 ms: its time is over\.\n/u);
});
