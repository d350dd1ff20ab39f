import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { RunCancelledError } from "../../src/run/run-cancelled-error.js";

test("names the run, and has the reason for its cause", () => {
  const reason = { of: "the caller" };
  const error = new RunCancelledError("main", reason);
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "RunCancelledError", code: "TRESTLE_RUN_CANCELLED" });
  expect(error.cause).toBe(reason);
  expect(error.message).toBe(
    "Cannot give the value of the run of 'main': it was cancelled from outside.\nThe 'cause' is the reason that was given.",
  );
});
