import { expect, test } from "vitest";
import { cancelInThread } from "../src/job-cancellation.js";
import { JobCancelledError } from "../src/job-cancelled-error.js";
import type { OnCancel } from "../src/job.js";
import { ThreadJob } from "../src/thread-job.js";
import { success } from "@trestle/host";
import { FakeThread } from "./threads.js";
import { until } from "./until.js";

function running(onCancel?: OnCancel): { job: ThreadJob; thread: FakeThread } {
  const thread = new FakeThread();
  const origin = {
    canceller: { cancelJob: () => "committed" as const },
    number: 7,
    site: undefined,
    inContext: undefined,
  };
  const job = new ThreadJob({ module: "a", name: "crunch" }, [], { onCancel }, origin);
  thread.run(job);
  thread.begin();
  thread.log.length = 0;
  return { job, thread };
}

function because(reason: string): JobCancelledError {
  return new JobCancelledError("crunch", reason);
}

test("takes back what has not begun", () => {
  const { job, thread } = running("cooperative");
  thread.hasBegun = false;
  expect(cancelInThread(job, thread, because("enough"))).toBe("withdrawn");
  expect(thread.log).toEqual([]);
});

test("lets the job be found out that is waited for, and tells one that is to cooperate", () => {
  const waited = running();
  expect(cancelInThread(waited.job, waited.thread, because("enough"))).toBe("committed");
  expect(waited.thread.log).toEqual(["mark"]);
  const told = running("cooperative");
  cancelInThread(told.job, told.thread, because("enough"));
  expect(told.thread.log).toEqual(["mark", "tell 7 enough"]);
});

test("lets go of one that is abandoned", () => {
  const { job, thread } = running("abandon");
  expect(cancelInThread(job, thread, because("enough"))).toBe("withdrawn");
  expect(thread.log).toEqual(["mark"]);
});

test("terminates at once, or after a grace, unless the job ends by itself", async () => {
  const atOnce = running({ terminateAfterMs: 0 });
  expect(cancelInThread(atOnce.job, atOnce.thread, because("enough"))).toBe("committed");
  expect(atOnce.thread.log).toEqual(["mark", "tell 7 enough", "terminate"]);

  const soon = running({ terminateAfterMs: 5 });
  cancelInThread(soon.job, soon.thread, because("enough"));
  cancelInThread(soon.job, soon.thread, because("again"));
  const { log } = soon.thread;
  expect(log).toEqual(["mark", "tell 7 enough", "mark", "tell 7 again"]);
  const inTime = running({ terminateAfterMs: 5 });
  cancelInThread(inTime.job, inTime.thread, because("enough"));
  inTime.job.settle(success());
  await until(() => soon.thread.isTerminated);
  expect(inTime.thread.isTerminated).toBe(false);
});
