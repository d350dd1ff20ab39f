import { expect, test } from "vitest";
import { InlineJob } from "../../src/inline-job.js";
import { NoJobError } from "../../src/no-job-error.js";
import { runAs } from "../../src/worker/job-side.js";
import { jobSignal } from "../../src/worker/job-signal.js";

test("gives the job's signal, and needs a job", () => {
  const job = new InlineJob("crunch", () => {});
  expect(runAs(job, jobSignal)).toBe(job.signal);
  expect(jobSignal).toThrow(NoJobError);
});
