import { expect, test } from "vitest";
import { JobCancelledError } from "../src/job-cancelled-error.js";

test("says which job, and why", () => {
  expect(new JobCancelledError("crunch", "too slow").message).toBe(
    `Cannot finish the job 'crunch': it was cancelled: "too slow" (string).`,
  );
  expect(new JobCancelledError("crunch", undefined).message).toBe(
    "Cannot finish the job 'crunch': it was cancelled.",
  );
});
