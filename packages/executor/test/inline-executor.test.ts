import { expect, test } from "vitest";
import { InlineExecutor } from "../src/inline-executor.js";
import { JobCancelledError } from "../src/job-cancelled-error.js";
import { JobLimiter } from "../src/job-limiter.js";
import { moduleRef } from "../src/module-ref.js";
import { UncloneableError } from "../src/uncloneable-error.js";
import { WorkReferenceError } from "../src/work-reference-error.js";
import { checkCancelled, fromThread, jobSignal } from "../src/worker.js";
import { errorOf } from "./until.js";

const work = moduleRef(() => import("./work.js"), import.meta);

test("runs references and functions in this thread, one after the other", async () => {
  await using executor = new InlineExecutor();
  const log: string[] = [];
  const write = (text: string) => async () => {
    log.push(`${text} begins`);
    await Promise.resolve();
    log.push(`${text} ends`);
  };
  const jobs = [executor.submit(write("a"), []), executor.submit(write("b"), [])];
  expect(log).toEqual([]);
  for (const job of jobs) await job;
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  expect(await executor.submit(work.add, [1, 2])).toBe(3);
});

test("copies arguments and results, and says what cannot be", async () => {
  await using executor = new InlineExecutor();
  const given = { list: [1] };
  const result = await executor.submit((value: typeof given) => value, [given]);
  expect(result).toEqual(given);
  expect(result).not.toBe(given);
  expect(await errorOf(executor.submit(() => () => {}, []))).toBeInstanceOf(UncloneableError);
  expect(await errorOf(executor.submit((fn: () => void) => void fn, [() => {}]))).toBeInstanceOf(
    UncloneableError,
  );
});

test("a job's error is the very one that it throws", async () => {
  await using executor = new InlineExecutor();
  const error = new Error("own");
  const fail = () => {
    throw error;
  };
  expect(await errorOf(executor.submit(fail, []))).toBe(error);
});

test("keeps limits", async () => {
  const limiter = new JobLimiter(1);
  await using executor = new InlineExecutor({ limiter, maxWorkers: 5 });
  let running = 0;
  const jobs = [1, 2, 3].map(() =>
    executor.submit(async () => {
      running++;
      await Promise.resolve();
      return running--;
    }, []),
  );
  expect(await Promise.all(jobs)).toEqual([1, 1, 1]);
});

test("cancels as threads do: what has not started never runs, what runs is told", async () => {
  await using executor = new InlineExecutor();
  const log: string[] = [];
  const early = executor.submit(() => log.push("early"), []);
  early.cancel();
  expect(await errorOf(early)).toBeInstanceOf(JobCancelledError);

  const told = executor.submit(
    async () => {
      const signal = jobSignal();
      log.push("runs");
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      checkCancelled();
    },
    [],
    { onCancel: "cooperative" },
  );
  while (log.length === 0) await Promise.resolve();
  told.cancel("enough");
  expect(await errorOf(told)).toBeInstanceOf(JobCancelledError);
  expect(log).toEqual(["runs"]);

  const stuck = executor.submit(() => new Promise(() => log.push("stuck")), [], {
    onCancel: { terminateAfterMs: 0 },
  });
  while (log.length === 1) await Promise.resolve();
  stuck.cancel();
  expect(await errorOf(stuck)).toBeInstanceOf(JobCancelledError);
});

test("calls back, and refuses to block for what is asynchronous", async () => {
  await using executor = new InlineExecutor();
  const host = { double: (number: number) => 2 * number, later: async () => "later" };
  expect(await executor.submit(() => fromThread.runSync("double", 21), [], { host })).toBe(42);
  expect(await executor.submit(() => fromThread.run("later"), [], { host })).toBe("later");
  expect(
    await errorOf(executor.submit(() => fromThread.runSync("later"), [], { host })),
  ).toMatchObject({ code: "TRESTLE_HOST_FUNCTION" });
});

test("copies what is called back with, and what that returns, as threads do", async () => {
  await using executor = new InlineExecutor();
  const given: unknown[] = [];
  const list = [1];
  const host = {
    take: (value: unknown) => given.push(value),
    give: () => list,
    giveFunction: () => () => {},
  };
  const run = (job: () => unknown) => executor.submit(job, [], { host });
  const got = await run(() => {
    fromThread.runSync("take", list);
    return fromThread.runSync("give") === list;
  });
  expect([got, given, given[0] === list]).toEqual([false, [[1]], false]);
  const uncloneable = { code: "TRESTLE_UNCLONEABLE" };
  for (const job of [
    () => fromThread.runSync("take", () => {}),
    () => fromThread.run("take", () => {}),
    () => fromThread.runSync("giveFunction"),
  ])
    expect(await errorOf(run(job))).toMatchObject(uncloneable);
});

test("a job may fail with anything", async () => {
  await using executor = new InlineExecutor();
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const job = executor.submit(() => {
    throw proxy;
  }, []);
  expect(await errorOf(job)).toEqual(new Error("(object)"));
});

test("refuses what is neither", async () => {
  await using executor = new InlineExecutor();
  expect(() => executor.submit(5 as never, [])).toThrow(WorkReferenceError);
});
