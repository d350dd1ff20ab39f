import { platformHost } from "@trestle/host";
import { Queue, Worker } from "bullmq";
import { expect } from "vitest";
import { BullJob, type JobQueue } from "../src/bull-job.js";
import { ConnectionErrors } from "../src/connection-errors.js";
import { JobNews } from "../src/job-news.js";
import { encodePayload, encodeThrown } from "../src/payload.js";
import { queuePlace } from "../src/queue-options.js";
import { RedisCommands } from "../src/redis-commands.js";
import { skipped, testWithRedis as test, useRedis } from "./redis-for-tests.js";

const redis = useRedis();

const nothing: JobQueue = {
  remove: () => Promise.resolve(false),
  tell: () => {},
  ended: () => {},
};

/** Long enough that events alone must do. */
const NEVER_MS = 1e9;

async function openNews(name: string, lookMs: number): Promise<[JobNews, Queue, AsyncDisposable]> {
  const place = queuePlace({ queue: name, connection: redis.url, modules: {} }, "open");
  const queue = new Queue(name, { connection: place.connection });
  const errors = new ConnectionErrors(name, () => {});
  errors.hear(queue);
  const commands = new RedisCommands(place, errors);
  const news = new JobNews(queue, place, commands, errors, { host: platformHost(), lookMs });
  const close = async (): Promise<void> => {
    errors.closing();
    commands.close();
    await Promise.all([news.close(), queue.close()]);
  };
  return [news, queue, { [Symbol.asyncDispose]: close }];
}

function jobCalled(id: string, news: JobNews): BullJob<unknown> {
  const job = new BullJob<unknown>(id, "add", nothing, "wait");
  job.send();
  news.follow(job);
  return job;
}

/** Plays a worker: takes a job out by hand. */
async function finish(queue: Queue, id: string, value: unknown): Promise<void> {
  const worker = new Worker(queue.name, null, { connection: queue.opts.connection });
  const taken = await worker.getNextJob("token");
  expect(taken?.id).toBe(id);
  await taken?.moveToCompleted({ value: encodePayload(value, "it") }, "token", false);
  await worker.close();
}

test(`hears of all that happens after it was opened, however fast${skipped}`, async () => {
  const [news, queue, closing] = await openNews("fast", NEVER_MS);
  await using _closing = closing;
  await news.open();
  const job = jobCalled("a", news);
  await queue.add("add", {}, { jobId: "a" });
  job.accepted();
  await finish(queue, "a", 5);
  expect(await job).toBe(5);
});

test(`looks up what it has heard nothing of${skipped}`, async () => {
  const [news, queue, closing] = await openNews("missed", 20);
  await using _closing = closing;
  await queue.add("add", {}, { jobId: "a" });
  await finish(queue, "a", 6);
  await news.open();
  const job = jobCalled("a", news);
  job.accepted();
  expect(await job).toBe(6);
});

test(`takes an error that was written down only where the job failed because of it${skipped}`, async () => {
  const [news, queue, closing] = await openNews("failed", NEVER_MS);
  await using _closing = closing;
  const fail = async (id: string, reason: string): Promise<{ job: BullJob<unknown> }> => {
    const added = await queue.add("add", {}, { jobId: id });
    await added.updateProgress({
      reason: "too far",
      error: encodeThrown(new RangeError("too far")),
    });
    const worker = new Worker(queue.name, null, { connection: queue.opts.connection });
    const taken = await worker.getNextJob("token");
    await taken?.moveToFailed(new Error(reason), "token", false);
    await worker.close();
    const job = jobCalled(id, news);
    await news.lookUp(job);
    return { job };
  };
  await expect((await fail("a", "too far")).job).rejects.toThrow(RangeError);
  await expect((await fail("b", "job stalled more than allowable limit")).job).rejects.toThrow(
    /^Cannot tell the outcome of the job 'add': BullMQ gave it up: job stalled/u,
  );
});
