import { expect, test } from "vitest";
import { JobQueue } from "../src/job-queue.js";
import type { ThreadJob } from "../src/thread-job.js";

const [a, b, c] = ["a", "b", "c"].map((name) => ({ name }) as ThreadJob) as [
  ThreadJob,
  ThreadJob,
  ThreadJob,
];

test("gives jobs in their order, those that were put back first", () => {
  const queue = new JobQueue();
  queue.add(a);
  queue.add(b);
  expect(queue.take()).toBe(a);
  queue.add(c);
  queue.putBack(a);
  expect(queue.size).toBe(3);
  expect([queue.take(), queue.take(), queue.take(), queue.take()]).toEqual([a, b, c, undefined]);
});

test("gives up single jobs, and all", () => {
  const queue = new JobQueue();
  queue.add(a);
  queue.putBack(b);
  queue.add(c);
  expect([queue.remove(a), queue.remove(a), queue.remove(b)]).toEqual([true, false, true]);
  queue.putBack(b);
  expect(queue.takeAll()).toEqual([b, c]);
  expect(queue.size).toBe(0);
});
