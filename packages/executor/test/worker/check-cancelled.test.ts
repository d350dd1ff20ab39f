import { expect, test } from "vitest";
import { JobCancelledError } from "../../src/job-cancelled-error.js";
import { NoJobError } from "../../src/no-job-error.js";
import { InlineJob } from "../../src/inline-job.js";
import { checkCancelled } from "../../src/worker/check-cancelled.js";
import { runAs } from "../../src/worker/job-side.js";

test("throws from when the job was cancelled, each time", () => {
  const job = new InlineJob("crunch", () => {});
  runAs(job, () => {
    checkCancelled();
    job.isCancelled = true;
    for (let round = 0; round < 2; round++) expect(checkCancelled).toThrow(JobCancelledError);
  });
});

test("needs a job (T192, THR-12)", () => {
  expect(checkCancelled).toThrow(NoJobError);
});
