import { getEventListeners } from "node:events";
import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import type { Limiter } from "../src/job-limiter.js";
import type { JobCancelledError } from "../src/job-cancelled-error.js";
import type { JobOptions } from "../src/job.js";
import { ThreadExecutor } from "../src/thread-executor.js";
import { WorkReferenceError } from "../src/work-reference-error.js";
import { work } from "./built-work.js";
import { errorOf, sharedWords, until } from "./until.js";

test("counts its jobs and threads", async () => {
  const executor = new ThreadExecutor({ maxWorkers: 1 });
  const memory = sharedWords();
  const first = executor.submit(work.standStill, [memory]);
  const second = executor.submit(work.add, [1, 2]);
  expect(executor.statistics()).toEqual({ queued: 1, running: 1, threads: 1, submitted: 2 });
  await until(() => Atomics.load(memory, 1) === 1);
  expect([first.state, second.state]).toEqual(["running", "queued"]);
  Atomics.store(memory, 0, 1);
  Atomics.notify(memory, 0);
  await executor.shutdown();
  expect(executor.statistics()).toEqual({ queued: 0, running: 0, threads: 0, submitted: 2 });
});

test("maps a function over lists of arguments, in their order", async () => {
  await using executor = new ThreadExecutor({ maxWorkers: 2 });
  const sums: number[] = [];
  const lists = [1, 2, 3].map((number): [number, number] => [number, number]);
  for await (const sum of executor.map(work.add, lists)) sums.push(sum);
  expect(sums).toEqual([2, 4, 6]);
});

test("refuses what it cannot run, at the call", () => {
  const executor = new ThreadExecutor();
  expect(() => executor.submit((() => 5) as never, [])).toThrow(WorkReferenceError);
  expect(() => executor.submit(work.add, 5 as never)).toThrow(ArgumentError);
  const options = { onCancel: "never" } as unknown as JobOptions;
  expect(() => executor.submit(work.add, [1, 2], options)).toThrow(ArgumentError);
  for (const maxWorkers of [0, -1, 1.5, "2"])
    expect(() => new ThreadExecutor({ maxWorkers: maxWorkers as number })).toThrow(ArgumentError);
  for (const idleTimeoutMs of [-1, Number.NaN, "1"])
    expect(() => new ThreadExecutor({ idleTimeoutMs: idleTimeoutMs as number })).toThrow(
      ArgumentError,
    );
  for (const limiter of [5, null, { acquire: () => {} }])
    expect(() => new ThreadExecutor({ limiter: limiter as unknown as Limiter })).toThrow(
      ArgumentError,
    );
});

test("a second shutdown is another wait for the same, and `await using` is one", async () => {
  const executor = new ThreadExecutor();
  {
    await using scoped = executor;
    await scoped.submit(work.add, [1, 2]);
  }
  expect(executor.statistics().threads).toBe(0);
  await executor.shutdown();
});

test("jobs that share a signal have one listener together, until the last one has ended", async () => {
  await using executor = new ThreadExecutor({ maxWorkers: 1 });
  const controller = new AbortController();
  const options = { signal: controller.signal };
  const listeners = (): number => getEventListeners(controller.signal, "abort").length;
  expect(await executor.submit(work.add, [1, 2], options)).toBe(3);
  const memory = sharedWords();
  const jobs = Array.from({ length: 20 }, () =>
    executor.submit(work.standStill, [memory], options),
  );
  expect(listeners()).toBe(1);
  await until(() => Atomics.load(memory, 1) === 1);
  controller.abort("all of them");
  const queued = await Promise.all(jobs.slice(1).map(errorOf));
  expect(queued.every((error) => (error as JobCancelledError).reason === "all of them")).toBe(true);
  Atomics.store(memory, 0, 1);
  Atomics.notify(memory, 0);
  expect(await jobs[0]).toBe("went on");
  expect(listeners()).toBe(0);
});

test("errors tell where their job was submitted, unless that is turned off", async () => {
  await using executor = new ThreadExecutor({ callerStacks: false });
  const error = (await errorOf(executor.submit(work.fail, ["type"]))) as Error;
  expect(error.stack).not.toContain("worker boundary");
});
