import { success, TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { RunCrashedError } from "../../src/run/run-crashed-error.js";

test("names what failed, and has the error and main's outcome", () => {
  const cause = new Error("the wire broke");
  const error = new RunCrashedError("main", ["system task 'reader'"], cause, success(42));
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "RunCrashedError", code: "TRESTLE_RUN_CRASHED", cause });
  expect(error.mainOutcome).toEqual(success(42));
  expect(error.message).toBe(
    "Cannot go on with the run of 'main': system task 'reader' failed.\n" +
      "The error is the 'cause', to be handled where it was thrown; how main ended is the 'mainOutcome'.",
  );
});
