import { expect, test } from "vitest";
import { NoJobError } from "../../src/no-job-error.js";
import { currentJob, requireJob, runAs, type JobSide } from "../../src/worker/job-side.js";

function jobSide(): JobSide & { isRunning: boolean } {
  return {
    isRunning: true,
    signal: new AbortController().signal,
    checkCancelled: () => {},
    call: async () => undefined,
    callBlocking: () => undefined,
  };
}

test("tells code which job it comes from, also after an await and after the job's end", async () => {
  const job = jobSide();
  expect(currentJob()).toBeUndefined();
  const after = runAs(job, async () => {
    expect(requireJob("test")).toBe(job);
    await Promise.resolve();
    expect(currentJob()).toBe(job);
    job.isRunning = false;
    expect(currentJob()).toBe(job);
    expect(() => requireJob("test")).toThrow(NoJobError);
  });
  expect(currentJob()).toBeUndefined();
  await after;
});

test("says what cannot be done outside of a job", () => {
  expect(() => requireJob("call back")).toThrow("Cannot call back: no job runs here.");
});
