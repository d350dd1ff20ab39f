import { failure, success } from "@trestle/host";
import { expect, test } from "vitest";
import { HostFunctionError } from "../src/host-function-error.js";
import { InlineJob } from "../src/inline-job.js";
import { JobCancelledError } from "../src/job-cancelled-error.js";

test("throws where it was cancelled, while it runs", () => {
  const job = new InlineJob("crunch", () => {});
  job.checkCancelled();
  job.isCancelled = true;
  expect(() => job.checkCancelled()).toThrow(JobCancelledError);
  job.isRunning = false;
  job.checkCancelled();
});

test("tells its cancellation from other errors", () => {
  const job = new InlineJob("crunch", () => {});
  const own = new JobCancelledError("crunch", undefined);
  expect(job.isCancellation(own)).toBe(false);
  job.isCancelled = true;
  expect([job.isCancellation(own), job.isCancellation(new Error("x"))]).toEqual([true, false]);
  const abort = new DOMException("stop", "AbortError");
  expect(job.isCancellation(abort)).toBe(false);
  job.tell("enough");
  expect(job.isCancellation(abort)).toBe(true);
  expect(job.signal.aborted).toBe(true);
});

test("passes calls on, and those that are out end when it is told", async () => {
  const job = new InlineJob("crunch", (name, args, _, answer) => {
    if (name === "add") answer(success(args.length));
    if (name === "fail") answer(failure(new Error("no")));
  });
  expect(job.callBlocking("add", [1, 2])).toBe(2);
  expect(await job.call("add", [1])).toBe(1);
  expect(() => job.callBlocking("fail", [])).toThrow("no");
  await expect(job.call("fail", [])).rejects.toThrow("no");
  expect(() => job.callBlocking("never", [])).toThrow(HostFunctionError);
  const out = job.call("never", []);
  job.tell("enough");
  await expect(out).rejects.toThrow(JobCancelledError);
  await expect(job.call("add", [])).rejects.toThrow(JobCancelledError);
  expect(() => job.callBlocking("add", [])).toThrow(JobCancelledError);
});
