import { expect, test } from "vitest";
import { IdleThreads } from "../src/idle-threads.js";
import { FakeThread } from "./threads.js";
import { until } from "./until.js";

test("gives the latest first", () => {
  const idle = new IdleThreads(Number.POSITIVE_INFINITY);
  const [a, b] = [new FakeThread(), new FakeThread()];
  idle.add(a);
  idle.add(b);
  expect(idle.size).toBe(2);
  expect([idle.take(), idle.take(), idle.take()]).toEqual([b, a, undefined]);
});

test("gives up single ones", () => {
  const idle = new IdleThreads(Number.POSITIVE_INFINITY);
  const thread = new FakeThread();
  idle.add(thread);
  expect([idle.remove(thread), idle.remove(thread)]).toEqual([true, false]);
});

test("ends those that nobody has needed for a while, oldest first", async () => {
  const idle = new IdleThreads(20);
  const [a, b] = [new FakeThread(), new FakeThread()];
  idle.add(a);
  await until(() => performance.now() > a.idleSince + 5);
  idle.add(b);
  await until(() => a.isTerminated);
  expect(performance.now()).toBeGreaterThanOrEqual(a.idleSince + 20);
  await until(() => b.isTerminated);
  expect(performance.now()).toBeGreaterThanOrEqual(b.idleSince + 20);
  expect(idle.size).toBe(0);
});

test("ends them all", () => {
  const idle = new IdleThreads(1000);
  const threads = [new FakeThread(), new FakeThread()];
  for (const thread of threads) idle.add(thread);
  idle.terminate();
  expect(threads.map(({ isTerminated }) => isTerminated)).toEqual([true, true]);
  expect(idle.size).toBe(0);
});
