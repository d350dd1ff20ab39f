import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { RunFinishedError } from "../../src/run/run-finished-error.js";

test("says what came too late, and for which run", () => {
  const error = new RunFinishedError("run 'notify' soon", "main");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "RunFinishedError", code: "TRESTLE_RUN_FINISHED" });
  expect(error.message).toBe(
    "Cannot run 'notify' soon: the run of 'main' has ended.\n" +
      "Stop what calls in before main ends, or take this error as the sign to stop.",
  );
});
