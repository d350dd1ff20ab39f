import { createTask, getRunningLoop, run, sleep, toThread } from "@trestle/loop";
import { expect, test } from "vitest";
import { threads } from "../../src/loop/thread-layer.js";
import { ThreadExecutor } from "../../src/thread-executor.js";
import { work } from "../built-work.js";
import { errorOf, sharedWords, until } from "../until.js";

test("runs what a loop has run in threads, and ends with the loop", async () => {
  const opened: ThreadExecutor[] = [];
  const layer = threads({ maxWorkers: 1 });
  const openDefaultExecutor: typeof layer.openDefaultExecutor = (host) => {
    const executor = layer.openDefaultExecutor(host);
    opened.push(executor as ThreadExecutor);
    return executor;
  };
  await run(
    async () => {
      expect(await toThread(work.add, 1, 2)).toBe(3);
      expect(await errorOf(toThread(work.fail, "type"))).toBeInstanceOf(TypeError);
    },
    { executor: { ...layer, openDefaultExecutor } },
  );
  expect(opened.map((executor) => executor.statistics().threads)).toEqual([0]);
});

test("a ThreadExecutor can be named at the call", async () => {
  await using executor = new ThreadExecutor();
  await run(async () => {
    const loop = getRunningLoop();
    expect(await loop.runInExecutor(executor, work.add, 1, 2)).toBe(3);
  });
});

test("a cancelled future waits for a job that runs, and its value counts", async () => {
  const memory = sharedWords();
  await run(
    async () => {
      const task = createTask(() => toThread(work.standStill, memory));
      await until(() => Atomics.load(memory, 1) === 1);
      task.cancel();
      await sleep(1);
      expect(task.done()).toBe(false);
      Atomics.store(memory, 0, 1);
      Atomics.notify(memory, 0);
      expect(await task).toBe("went on");
    },
    { executor: threads() },
  );
});

test("blocks the thread for a loop that is driven so", () => {
  expect(threads().runUntilComplete(work.sleep, [1], { timeoutMs: 20_000 })).toBe("slept");
});
