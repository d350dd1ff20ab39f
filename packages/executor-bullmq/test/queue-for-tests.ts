// A queue of the test's own, with a submitter, a worker in this process, and a folder for what the jobs write.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { InlineExecutor, moduleRef } from "@trestle/executor";
import { afterEach, beforeEach } from "vitest";
import { BullExecutor, type BullExecutorOptions } from "../src/bull-executor.js";
import { BullWorker, type BullWorkerOptions } from "../src/bull-worker.js";
import { useRedis } from "./redis-for-tests.js";

export const work = moduleRef<typeof import("./work-for-tests.js")>(
  new URL("work-for-tests.ts", import.meta.url),
);

/** What a test has. */
export interface QueueForTests {
  readonly redis: ReturnType<typeof useRedis>;
  readonly queue: string;
  openExecutor(options?: Partial<BullExecutorOptions>): BullExecutor;
  /** It runs jobs in this thread. */
  openWorker(options?: Partial<BullWorkerOptions>): BullWorker;
  /** The path of a file that jobs write to. */
  file(name: string): string;
  /** What is in it, by lines: whole ones only, since who writes may be about to. */
  lines(name: string): string[];
}

/** Call it once in a file; each test has a queue of its own. */
export function useQueue(): QueueForTests {
  const redis = useRedis();
  let folder = "";
  let count = 0;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "jobs-for-tests-"));
    count += 1;
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const place = (): Pick<BullExecutorOptions, "queue" | "connection" | "modules"> => ({
    queue: `jobs-${count}`,
    connection: redis.url,
    modules: { work },
  });
  const file = (name: string): string => path.join(folder, name);
  return {
    redis,
    get queue() {
      return place().queue;
    },
    openExecutor: (options) => new BullExecutor({ ...place(), lookMs: 200, ...options }),
    openWorker: (options) =>
      new BullWorker({ ...place(), executor: new InlineExecutor({ maxWorkers: 4 }), ...options }),
    file,
    lines: (name) =>
      existsSync(file(name)) ? readFileSync(file(name), "utf8").split("\n").slice(0, -1) : [],
  };
}
