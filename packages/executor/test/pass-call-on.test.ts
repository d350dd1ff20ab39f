import { success } from "@trestle/host";
import { expect, test } from "vitest";
import type { JobOptions } from "../src/job.js";
import { passCallOn } from "../src/pass-call-on.js";
import { ThreadJob } from "../src/thread-job.js";
import { FakeThread } from "./threads.js";

const call = { kind: "call", id: 1, call: 0, name: "log", args: [5], isBlocking: true } as const;

function running(options: JobOptions): { readonly job: ThreadJob; readonly thread: FakeThread } {
  const canceller = { cancelJob: () => "withdrawn" as const };
  const origin = { canceller, number: 1, site: undefined, inContext: undefined };
  const job = new ThreadJob({ module: "a.js", name: "a" }, [], options, origin);
  const thread = new FakeThread();
  thread.run(job);
  thread.log.length = 0;
  return { job, thread };
}

test("by 'onHostCall', or to one of the functions that were given", () => {
  const taken = running({ onHostCall: (asked) => asked.answer(success(asked.args[0])) });
  passCallOn(taken.thread, call);
  const given = running({ host: { log: (number: number) => 2 * number } });
  passCallOn(given.thread, call);
  expect([taken.thread.log, given.thread.log]).toEqual([["answer 0 5"], ["answer 0 10"]]);
});

test("whoever takes it and throws refuses it by that", () => {
  const onHostCall = (): never => {
    throw new Error("not today");
  };
  const { thread } = running({ onHostCall });
  passCallOn(thread, call);
  expect(thread.log).toEqual(["answer 0 Error: not today"]);
});

test("a call of an abandoned job is refused, and one of no job dropped", () => {
  const { job, thread } = running({ onHostCall: () => expect.unreachable() });
  job.cancel();
  passCallOn(thread, call);
  thread.leaveJob();
  passCallOn(thread, call);
  expect(thread.log).toEqual([
    "answer 0 JobCancelledError: Cannot finish the job 'a': it was cancelled: \"it was abandoned\" (string).",
  ]);
});
