import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { NoProcessError } from "../../src/run/no-process-error.js";

test("says what is missing, and what to call instead", () => {
  const error = new NoProcessError();
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "NoProcessError", code: "TRESTLE_NO_PROCESS" });
  expect(error.message).toBe(
    "Cannot run a program by 'main': this platform has no process with signals and an exit code.\n" +
      "Call 'run(fn)' instead; its promise gives the value or the error, and its 'signal' option cancels it.",
  );
});
