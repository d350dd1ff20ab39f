import { expect, test } from "vitest";
import { JobLostError } from "../src/job-lost-error.js";

test("names the job, and says that it may have run", () => {
  const error = new JobLostError("resize", "its worker died");
  expect(error).toMatchObject({ name: "JobLostError", code: "TRESTLE_JOB_LOST" });
  expect(error.message).toMatch(
    /^Cannot tell the outcome of the job 'resize': its worker died\.\nIt may have run\./u,
  );
});
