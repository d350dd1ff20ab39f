import { InlineExecutor, moduleRef } from "@trestle/executor";
import { ArgumentError } from "@trestle/host";
import { Queue } from "bullmq";
import { writeFileSync } from "node:fs";
import { expect, test as plainTest } from "vitest";
import { BullWorker } from "../src/bull-worker.js";
import { PayloadError } from "../src/payload-error.js";
import { useQueue, work } from "./queue-for-tests.js";
import { skipped, testWithRedis as test } from "./redis-for-tests.js";
import { until } from "./until.js";

const jobs = useQueue();

test(`runs jobs in threads of its own, unless told otherwise${skipped}`, async () => {
  await using worker = jobs.openWorker({ executor: undefined, concurrency: 2 });
  await using executor = jobs.openExecutor();
  expect(await executor.submit(work.threadNumber, [])).toBeGreaterThan(0);
  expect(worker.running).toBe(0);
});

test(`runs so many at a time${skipped}`, async () => {
  await using executor = jobs.openExecutor();
  const wait = (name: string): PromiseLike<string> =>
    executor.submit(work.waitForFile, [jobs.file(name), jobs.file("gate")]);
  const all = [wait("a"), wait("b"), wait("c")];
  await using worker = jobs.openWorker({ concurrency: 2 });
  await until(() => worker.running === 2);
  expect(executor.statistics().queued + executor.statistics().running).toBe(3);
  writeFileSync(jobs.file("gate"), "");
  expect(await Promise.all(all)).toEqual(["through", "through", "through"]);
});

test(`finishes what it runs before it ends, and takes nothing more${skipped}`, async () => {
  await using executor = jobs.openExecutor();
  const worker = jobs.openWorker();
  const running = executor.submit(work.waitForFile, [jobs.file("a"), jobs.file("gate")]);
  await until(() => worker.running === 1);
  const left = executor.submit(work.add, [1, 2]);
  const end = worker.shutdown();
  expect(worker.shutdown()).toBe(end);
  writeFileSync(jobs.file("gate"), "");
  await end;
  expect(await running).toBe("through");
  expect(left.state).toBe("queued");
  left.cancel();
  await expect(left).rejects.toMatchObject({ name: "JobCancelledError" });
});

test(`leaves an executor open that it was given${skipped}`, async () => {
  await using inline = new InlineExecutor();
  await jobs.openWorker({ executor: inline }).shutdown();
  expect(await inline.submit(work.add, [1, 2])).toBe(3);
});

test(`a job of a module that it does not have fails, and says which there are${skipped}`, async () => {
  await using _worker = jobs.openWorker({ modules: {} });
  await using executor = jobs.openExecutor();
  await expect(executor.submit(work.add, [1, 2])).rejects.toThrow(
    "Cannot run 'add': this worker has no module 'work' (it has none).",
  );
});

test(`what others put into the queue fails, and the next job runs${skipped}`, async () => {
  await using _worker = jobs.openWorker();
  const connection = { host: "127.0.0.1", port: jobs.redis.server.port };
  const bull = new Queue(jobs.queue, { connection });
  const foreign = await bull.add("foreign", { module: "work", name: "add", args: "?" });
  await until(async () => (await foreign.getState()) === "failed");
  await bull.close();
  await using executor = jobs.openExecutor();
  expect(await executor.submit(work.add, [1, 2])).toBe(3);
  await expect(executor.submit(work.unsendable, [])).rejects.toThrow(PayloadError);
});

plainTest.each([
  [{ concurrency: 0 }, "'concurrency'"],
  [{ lockMs: Number.NaN }, "'lockMs'"],
  [{ stalledCheckMs: 0 }, "'stalledCheckMs'"],
  [{ maxRestarts: -1 }, "'maxRestarts'"],
  [{ executor: {} }, "'executor'"],
])("refuses %o", (wrong, field) => {
  const modules = { work: moduleRef<object>(new URL("work-for-tests.ts", import.meta.url)) };
  const options = { queue: "a", connection: "redis://127.0.0.1:1", modules, ...wrong };
  expect(() => new BullWorker(options as never)).toThrow(ArgumentError);
  expect(() => new BullWorker(options as never)).toThrow(field);
});
