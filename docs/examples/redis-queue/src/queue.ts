// A queue in Redis from which nothing is lost: a job that is taken is moved to a list of its worker, in one step, and leaves that when
// it is done. ioredis knows promises; `asStructured` makes structured functions of ours.
import { asStructured } from "@trestle/bridge";
import { currentTask } from "@trestle/loop";
import type { Redis } from "ioredis";

const WAITING = "jobs";
const FAILED = "jobs:failed";

function listOf(worker: string): string {
  return `jobs:of:${worker}`;
}

/** Adds jobs at the end of the queue. */
export const add = asStructured(async (redis: Redis, jobs: readonly string[]): Promise<void> => {
  if (jobs.length > 0) await redis.rpush(WAITING, ...jobs);
});

/**
 * Takes the next job for a worker. Waits until there is one. Cancelled, it closes the connection, which is the only way to end that
 * wait in Redis; what comes of the command then is of no interest.
 *
 * @param redis a connection of the worker's own: one that waits cannot do anything else
 */
export const take = asStructured(async (redis: Redis, worker: string): Promise<string> => {
  // It fires when the structured caller is cancelled.
  const signal = currentTask()?.signal;
  const close = (): void => redis.disconnect();
  signal?.addEventListener("abort", close);
  try {
    const job = await redis.blmove(WAITING, listOf(worker), "LEFT", "RIGHT", 0);
    // Only a wait of limited time gives nothing.
    return job ?? "";
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", close);
  }
});

/** Says that a worker's job is done, or that it failed. */
export const settle = asStructured(
  async (redis: Redis, worker: string, job: string, how: "done" | "failed"): Promise<void> => {
    const step = redis.multi().lrem(listOf(worker), 1, job);
    if (how === "failed") step.rpush(FAILED, job);
    await step.exec();
  },
);

/** Puts what a worker has taken and not settled back to the front of the queue; gives how many jobs that were. */
export const giveBack = asStructured(async (redis: Redis, worker: string): Promise<number> => {
  for (let count = 0; ; count++) {
    const job = await redis.lmove(listOf(worker), WAITING, "RIGHT", "LEFT");
    if (job === null) return count;
  }
});
