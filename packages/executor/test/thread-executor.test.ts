import { expect, test, vi } from "vitest";
import { BrokenExecutorError } from "../src/broken-executor-error.js";
import { exposed } from "../src/exposed.js";
import { moduleRef } from "../src/module-ref.js";
import { ThreadExecutor, type WorkCall } from "../src/thread-executor.js";
import { WorkReferenceError } from "../src/work-reference-error.js";
import { WorkerExitError } from "../src/worker-exit-error.js";
import { Worker } from "node:worker_threads";
import { build, work } from "./built-work.js";
import { errorOf, sharedWords, until } from "./until.js";

function greeting(text: string): WorkCall<never[]> {
  return { work: work.initialize, args: [text] } as unknown as WorkCall<never[]>;
}

test("each thread makes a call before its first job", async () => {
  await using executor = new ThreadExecutor({ initializer: greeting("good day") });
  expect(await executor.submit(work.greet, [])).toBe("good day");
});

test("one that fails breaks the executor, with all that waits", async () => {
  for (const [text, cause] of [
    ["fail", RangeError],
    ["exit", WorkerExitError],
  ] as const) {
    await using executor = new ThreadExecutor({ maxWorkers: 1, initializer: greeting(text) });
    const jobs = [executor.submit(work.greet, []), executor.submit(work.greet, [])];
    for (const job of jobs) {
      const error = (await errorOf(job)) as Error;
      expect(error).toBeInstanceOf(BrokenExecutorError);
      expect(error.cause).toBeInstanceOf(cause);
    }
    expect(() => executor.submit(work.greet, [])).toThrow(BrokenExecutorError);
  }
});

test("one that is no reference is refused", () => {
  const initializer = { work: () => {}, args: [] } as unknown as WorkCall<never[]>;
  expect(() => new ThreadExecutor({ initializer })).toThrow(WorkReferenceError);
});

test("options that the platform refuses fail the job", async () => {
  await using executor = new ThreadExecutor({ execArgv: ["--no-such-option"] });
  const error = (await errorOf(executor.submit(work.greet, []))) as WorkerExitError;
  expect(error).toBeInstanceOf(WorkerExitError);
  expect(error.reason).toBe("ERR_WORKER_INVALID_EXEC_ARGV");
});

test("threads have the environment that is given", async () => {
  await using executor = new ThreadExecutor({ env: { GREETING: "hello" } });
  expect(await executor.submit(work.environment, ["GREETING"])).toBe("hello");
});

test("a file of one's own can be the threads'", async () => {
  const url = build("exposing");
  await using executor = new ThreadExecutor({ worker: (options) => new Worker(url, options) });
  const own = exposed<{ double(number: number): number }>();
  expect(await executor.submit(own.double, [21])).toBe(42);
  expect(await executor.submit(work.add, [1, 2])).toBe(3);
});

test("late errors become warnings where nobody hears them", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  await using executor = new ThreadExecutor();
  const memory = sharedWords();
  await executor.submit(work.failLater, [memory]);
  Atomics.store(memory, 0, 1);
  await until(() => warn.mock.calls.length > 0);
  expect(warn.mock.calls[0]?.[0]).toContain("the job 'failLater', which had ended");
});

test("work in TypeScript is run as it is, where the project has tsx or the platform reads it", async () => {
  await using executor = new ThreadExecutor();
  const typed = moduleRef(() => import("./typed-work.js"), import.meta);
  expect(await executor.submit(typed.shout, ["hello"])).toBe("HELLO!");
}, 20_000);
