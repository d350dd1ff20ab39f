import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { NoRunError } from "../src/no-run-error.js";

test("says what needs a task, and both ways to get into one", () => {
  const error = new NoRunError("tell the time of the run");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "NoRunError", code: "TRESTLE_NO_RUN" });
  expect(error.message).toBe(
    "Cannot tell the time of the run: no structured task is running here.\n" +
      "Start one with 'run(function* () { ... })'; from loop-flavored code cross over with 'asLoop' of @trestle/bridge.",
  );
});
