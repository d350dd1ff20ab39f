import { expect, test } from "vitest";
import { JobQueue } from "../src/job-queue.js";
import type { ThreadJob } from "../src/thread-job.js";

const [a, b, c] = ["a", "b", "c"].map((name) => ({ name }) as ThreadJob) as [
  ThreadJob,
  ThreadJob,
  ThreadJob,
];

test("gives jobs in their order", () => {
  const queue = new JobQueue();
  for (const job of [a, b, c]) queue.add(job);
  expect(queue.size).toBe(3);
  expect([queue.take(), queue.take(), queue.take(), queue.take()]).toEqual([a, b, c, undefined]);
});

test("gives up single jobs, and all", () => {
  const queue = new JobQueue();
  for (const job of [a, b, c]) queue.add(job);
  queue.remove(b);
  queue.remove(b);
  expect(queue.takeAll()).toEqual([a, c]);
  expect([queue.size, queue.take()]).toEqual([0, undefined]);
});
