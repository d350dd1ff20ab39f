import { expect, test } from "vitest";
import { JobNotAcceptedError } from "../src/job-not-accepted-error.js";

test("says why, and how to find the job if it is there after all", () => {
  const cause = new Error("READONLY You can't write against a read only replica.");
  const error = new JobNotAcceptedError("resize", cause);
  expect(error).toMatchObject({
    name: "JobNotAcceptedError",
    code: "TRESTLE_JOB_NOT_ACCEPTED",
    cause,
  });
  expect(error.message).toMatch(/'resize': READONLY .*\nSubmit it again under the same 'jobId'/u);
});
