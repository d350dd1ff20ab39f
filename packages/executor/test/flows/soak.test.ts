// Many jobs with random ends, and random cancellations of them: nothing may be left. `pnpm soak` runs ten thousand.
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { JobLimiter } from "../../src/job-limiter.js";
import type { Job, OnCancel } from "../../src/job.js";
import { ThreadExecutor } from "../../src/thread-executor.js";
import { work } from "../built-work.js";

const { TRESTLE_SOAK_JOBS = "300", TRESTLE_SOAK_SEED = "1" } = process.env;
const jobs = Number(TRESTLE_SOAK_JOBS);

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const waysOut: readonly OnCancel[] = [
  "wait",
  "cooperative",
  "abandon",
  { terminateAfterMs: 0 },
  { terminateAfterMs: 2 },
];

test(
  `${jobs} jobs that end, fail, exit, run out of memory and are cancelled leave no thread, no token and no unsettled job (T184, T193)`,
  async () => {
    const random = randomFrom(Number(TRESTLE_SOAK_SEED));
    const limiter = new JobLimiter(3);
    const executor = new ThreadExecutor({
      maxWorkers: 4,
      limiter,
      idleTimeoutMs: 20,
      resourceLimits: { maxOldGenerationSizeMb: 24 },
      onLateError: () => {},
    });
    const host = { double: (number: number) => 2 * number };
    const open = (): Job<unknown> => {
      const onCancel = waysOut[Math.floor(random() * waysOut.length)] as OnCancel;
      const options = { onCancel, host };
      const kind = random();
      if (kind < 0.4) return executor.submit(work.add, [1, 2], options);
      if (kind < 0.55) return executor.submit(work.sleep, [random() * 3], options);
      if (kind < 0.65) return executor.submit(work.busy, [random() * 3], options);
      if (kind < 0.75) return executor.submit(work.fail, ["type"], options);
      if (kind < 0.85) return executor.submit(work.callBack, ["double", 1], options);
      if (kind < 0.9) return executor.submit(work.callBackLater, ["double", 1], options);
      if (kind < 0.93) return executor.submit(work.exit, [3], options);
      if (kind < 0.95) return executor.submit(work.returnAndExit, [], options);
      if (kind < 0.97) return executor.submit(work.uncloneable, [], options);
      if (kind < 0.99) return executor.submit(work.add, [Symbol("no") as never, 2], options);
      return executor.submit(work.exhaust, [], options);
    };
    const states = new Map<Job<unknown>, string>();
    for (let at = 0; at < jobs; at++) {
      const job = open();
      job.wait(() => states.set(job, `${states.get(job) ?? ""}settled`));
      if (random() < 0.3) {
        const cancel = (): void => void job.cancel("at random");
        if (random() < 0.5) cancel();
        else void sleep(random() * 10).then(cancel);
      }
      while (executor.statistics().queued > 20) await sleep(1);
    }
    await executor.shutdown();
    expect([...states.values()].filter((state) => state !== "settled")).toEqual([]);
    expect(states.size).toBe(jobs);
    expect(executor.statistics()).toEqual({ queued: 0, running: 0, threads: 0, submitted: jobs });
    expect(limiter.statistics()).toEqual({ borrowedTokens: 0, totalTokens: 3, jobsWaiting: 0 });
  },
  60_000 + jobs * 100,
);
