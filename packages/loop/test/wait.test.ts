import { getEventListeners } from "node:events";
import { ArgumentError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { EventLoop } from "../src/event-loop.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { sleep } from "../src/sleep.js";
import type { Task } from "../src/task.js";
import { wait, type Waited, type WaitOptions } from "../src/wait.js";
import { WrongLoopError } from "../src/wrong-loop-error.js";
import { messages, traced } from "./on-virtual-time.js";

type Kind = "ends" | "fails";

function tasksOf(...plans: readonly (readonly [ms: number, kind?: Kind])[]): Task<number>[] {
  return plans.map(([ms, kind = "ends"]) =>
    createTask(async () => {
      await sleep(ms);
      if (kind === "fails") throw new Error(`after ${ms}`);
      return ms;
    }),
  );
}

function report<F>(futures: readonly F[], { done, pending }: Waited<F>): string {
  const places = (set: Set<F>): string =>
    [...set].map((future) => futures.indexOf(future)).join(" ");
  return `done ${places(done)}, pending ${places(pending)}`;
}

test("tells which are done: of all, at the first, at the first error, or when the time is over", async () => {
  const log = await traced(async ({ log }) => {
    const show = async (
      options: WaitOptions | undefined,
      ...plans: readonly (readonly [ms: number, kind?: Kind])[]
    ): Promise<void> => {
      const tasks = tasksOf(...plans);
      log(report(tasks, await wait(tasks, options)));
      for (const task of tasks) task.cancel();
      for (const task of tasks) if (task.done()) void task.catch(() => {});
    };
    await show(undefined, [1], [2, "fails"]);
    await show({ returnWhen: "firstCompleted" }, [1], [2]);
    await show({ returnWhen: "firstError" }, [1], [2, "fails"], [3]);
    await show({ returnWhen: "firstError" }, [1], [2]);
    await show({ timeout: 2 }, [1], [3]);
    await show({ timeout: 0 }, [0], [3]);
  });
  expect(log).toEqual([
    [2, "done 0 1, pending "],
    [3, "done 0, pending 1"],
    [5, "done 0 1, pending 2"],
    [7, "done 0 1, pending "],
    [9, "done 0, pending 1"],
    [9, "done 0, pending 1"],
  ]);
});

test("a cancelled future is done, and is no error", async () => {
  const log = await traced(async ({ log, loop }) => {
    const tasks = tasksOf([10], [20]);
    loop.callLater(5, () => tasks[0]?.cancel());
    log(report(tasks, await wait(tasks, { returnWhen: "firstError" })));
  });
  expect(log).toEqual([[20, "done 0 1, pending "]]);
});

test("futures that are done cost two iterations", async () => {
  const log = await messages(async ({ log, loop }) => {
    const done = loop.createFuture<string>();
    done.setResult("done");
    const rounds = createTask(async () => {
      for (let round = 1; round <= 3; round++) {
        await sleep(0);
        log(`round ${round}`);
      }
    });
    await wait([done]);
    log("waited");
    await rounds;
  });
  expect(log).toEqual(["round 1", "waited", "round 2", "round 3"]);
});

test("cancelling the one who waits leaves the futures alone", async () => {
  const log = await traced(async ({ log }) => {
    const tasks = tasksOf([10], [20]);
    const waiting = createTask(() => wait(tasks, { timeout: 1000 }));
    await sleep(1);
    waiting.cancel();
    await waiting.catch((error: unknown) => log((error as Error).name));
    await sleep(30);
    log(tasks.map((task) => String(task.result())).join(" "));
  });
  expect(log).toEqual([
    [1, "CancelledError"],
    [31, "10 20"],
  ]);
});

test("an error that nobody asks for is reported, though it was waited for", async () => {
  const reports = await messages(async ({ log, loop }) => {
    loop.setExceptionHandler((_, { message }) => log(message));
    await wait(tasksOf([1, "fails"]), { returnWhen: "firstError" });
  });
  expect(reports).toEqual([expect.stringContaining("Nobody looked at the failure of task")]);
});

test("a future that is given twice counts once", async () => {
  await messages(async () => {
    const [task] = tasksOf([1]) as [Task<number>];
    const { done, pending } = await wait([task, task]);
    expect([[...done], pending.size]).toEqual([[task], 0]);
  });
});

test("a signal ends it with its reason", async () => {
  const log = await traced(async ({ log, loop }) => {
    const { signal, controller } = aborting();
    loop.callLater(5, () => controller.abort("enough"));
    const tasks = tasksOf([10]);
    for (let i = 0; i < 2; i++)
      await wait(tasks, { signal }).catch((error: unknown) => log(String(error)));
    log(String(await tasks[0]));
  });
  expect(log).toEqual([
    [5, "enough"],
    [5, "enough"],
    [10, "10"],
  ]);
});

function aborting(): { controller: AbortController; signal: AbortSignal } {
  const controller = new AbortController();
  return { controller, signal: controller.signal };
}

test("leaves neither timer nor listener behind", async () => {
  const log = await traced(async ({ log, loop }) => {
    const { signal } = aborting();
    await wait(tasksOf([10]), { timeout: 1000, signal });
    log(`${getEventListeners(signal, "abort").length} listeners`);
    // With a timer left, time would go on to that before nothing is left to come.
    await loop.createFuture<void>().catch((error: unknown) => log((error as Error).name));
  });
  expect(log).toEqual([
    [10, "0 listeners"],
    [10, "DeadlockError"],
  ]);
});

test("in a deadlock the futures are told, for which it waits", async () => {
  const log = await messages(async ({ log, loop }) => {
    const stuck = createTask(() => loop.createFuture<void>("a reply"));
    const { done } = await wait([stuck]);
    for (const future of done) log((future.exception() as Error).name);
  });
  expect(log).toEqual(["DeadlockError"]);
});

test("refuses what it cannot wait for", async () => {
  await messages(async () => {
    const [task] = tasksOf([1]) as [Task<number>];
    const message = async (futures: unknown, options?: unknown): Promise<string> => {
      const failed = wait(futures as never, options as never);
      await expect(failed).rejects.toThrow(ArgumentError);
      return failed.catch((error: unknown) => (error as Error).message) as Promise<string>;
    };
    expect(await message([])).toContain("there are none");
    expect(await message(task)).toContain("Cannot wait for futures with a Future: a list");
    expect(await message(undefined)).toContain("undefined: a list");
    expect(await message([task, async () => {}])).toContain("'createTask(fn)'");
    expect(await message([Promise.resolve()])).toContain("'ensureFuture(promise)'");
    expect(await message([task], { timeout: -1 })).toContain("-1");
    expect(await message([task], { returnWhen: "FIRST_COMPLETED" })).toContain('"firstCompleted"');
    expect(await message([task], { signal: 1 })).toContain("an AbortSignal is wanted");
    await task;
  });
});

test("needs a loop, and the futures of that", async () => {
  await expect(wait([])).rejects.toThrow(NoLoopError);
  const other = new EventLoop({ host: new VirtualHost() });
  await messages(async () => {
    await expect(wait([other.createFuture()])).rejects.toThrow(WrongLoopError);
  });
  await other.close();
});
