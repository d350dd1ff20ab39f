import { failure, success, type Abortion } from "@trestle/host";
import { waitBehaviours } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { JobCancelledError } from "../src/job-cancelled-error.js";
import { ThreadJob } from "../src/thread-job.js";
import { FakeThread } from "./threads.js";

function jobOf(abortion: Abortion = "withdrawn", log: unknown[] = []): ThreadJob<number> {
  const cancelJob = (_: unknown, cancelled: unknown): Abortion => {
    log.push(cancelled);
    return abortion;
  };
  const origin = {
    canceller: { cancelJob },
    number: 7,
    site: { stack: "Error\n    at main (main.js:1:1)" },
    inContext: undefined,
  };
  return new ThreadJob<number>({ module: "a.js", name: "crunch" }, [], {}, origin);
}

test("tells who it is, how far it is, and where it comes from", () => {
  const job = jobOf();
  expect([job.id, job.name, job.state, job.callerStack]).toEqual([
    "7",
    "crunch",
    "queued",
    "    at main (main.js:1:1)",
  ]);
  job.thread = new FakeThread();
  expect(job.state).toBe("running");
  job.settle(success(1));
  expect(job.state).toBe("done");
});

test("a cancellation that is withdrawn settles it for everybody", async () => {
  const log: unknown[] = [];
  const job = jobOf("withdrawn", log);
  const others: unknown[] = [];
  job.wait((outcome) => others.push(outcome));
  const own: unknown[] = [];
  const abort = job.wait((outcome) => own.push(outcome));
  expect(abort("enough")).toBe("withdrawn");
  const cancellation = new JobCancelledError("crunch", "enough");
  expect([own, others, log]).toEqual([[], [failure(cancellation)], [cancellation]]);
  expect(job.cancel()).toBe(false);
});

test("each wait that was aborted fails with what it was given, and the others with an error of the job", () => {
  const log: unknown[] = [];
  const job = jobOf("committed", log);
  const outcomes: unknown[] = [];
  const aborts = [1, 2, 3].map((at) => job.wait((outcome) => outcomes.push([at, outcome])));
  const [one, two] = [new Error("one"), new Error("two")];
  expect([aborts[0]?.(one), aborts[1]?.(two)]).toEqual(["committed", "committed"]);
  const cancellation = new JobCancelledError("crunch", "one");
  expect(log).toEqual([cancellation, cancellation]);
  job.settle(failure(log[0]));
  expect(outcomes).toEqual([
    [1, failure(one)],
    [2, failure(two)],
    [3, failure(cancellation)],
  ]);
});

test("an aborted wait fails with the job's own error where the job failed by itself", () => {
  const job = jobOf("committed");
  const outcomes: unknown[] = [];
  job.wait((outcome) => outcomes.push(outcome))("enough");
  job.settle(failure("its own"));
  expect(outcomes).toEqual([failure("its own")]);
});

test("one that is committed leaves it to its end", async () => {
  const job = jobOf("committed");
  expect(job.cancel("enough")).toBe(true);
  expect(job.state).toBe("queued");
  job.settle(success(5));
  job.settle(success(6));
  expect(await job).toBe(5);
});

test("cancelled by name it fails with an error that has the reason", async () => {
  const job = jobOf();
  job.cancel("enough");
  await expect(Promise.resolve(job)).rejects.toThrow(JobCancelledError);
});

test("calls back when it ends, before those who wait", () => {
  const job = jobOf();
  const log: string[] = [];
  job.wait(() => log.push("waiter"));
  job.onSettled(() => log.push("first"));
  job.onSettled(() => log.push("second"));
  job.settle(success(1));
  expect(log).toEqual(["first", "second", "waiter"]);
});

test("calls in the context that it was given, where there is one", () => {
  const log: string[] = [];
  jobOf().inContext(() => log.push("called"));
  expect(log).toEqual(["called"]);
});

for (const abortion of ["withdrawn", "committed"] as const) {
  describe(`its wait, ${abortion}`, () => {
    const open = () => {
      const job = jobOf(abortion);
      const finish = () => job.settle(success(5));
      return { wait: job.wait, finish, settle: async () => {} };
    };
    for (const { title, run } of waitBehaviours(open)) test(title, run);
  });
}
