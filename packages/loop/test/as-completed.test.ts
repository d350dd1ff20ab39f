import { getEventListeners } from "node:events";
import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { expect, test } from "vitest";
import { asCompleted } from "../src/as-completed.js";
import { createTask } from "../src/create-task.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { sleep } from "../src/sleep.js";
import { TimeoutError } from "../src/timeout-error.js";
import { messages, traced } from "./on-virtual-time.js";

test("gives the very futures, in the order in which they are done", async () => {
  const log = await traced(async ({ log }) => {
    const tasks = [3, 1, 2, 9].map((ms) => createTask(() => sleep(ms, ms)));
    try {
      for await (const { future: task } of asCompleted(tasks, { timeout: 5 }))
        log(`${tasks.indexOf(task)} ${task.result()}`);
    } catch (error) {
      log(`${error instanceof TimeoutError} ${(error as Error).message.split("\n")[0]}`);
    }
    log(tasks.map((task) => task.done()).join());
  });
  expect(log).toEqual([
    [1, "1 1"],
    [2, "2 2"],
    [3, "0 3"],
    [5, "true Cannot finish all work in 5 ms: its time is over."],
    [5, "true,true,true,false"],
  ]);
});

test("functions are run as tasks and promises are followed, at once and not when they are asked for", async () => {
  const log = await traced(async ({ log }) => {
    const completions = asCompleted([
      async () => {
        log("begins");
        await sleep(5);
        return "a task";
      },
      Promise.resolve("a promise"),
    ]);
    await sleep(1);
    for await (const { future } of completions) log(future.result());
  });
  expect(log).toEqual([
    [0, "begins"],
    [1, "a promise"],
    [5, "a task"],
  ]);
});

test("failed and cancelled ones are given like the others", async () => {
  const log = await traced(async ({ log }) => {
    const failing = createTask(async () => {
      await sleep(2);
      throw new Error("no");
    });
    const cancelled = createTask(() => sleep(1000));
    void createTask(async () => {
      await sleep(1);
      cancelled.cancel();
    });
    for await (const { future } of asCompleted([failing, cancelled]))
      log(future.cancelled() ? "cancelled" : String(future.exception()));
  });
  expect(log).toEqual([
    [1, "cancelled"],
    [2, "Error: no"],
  ]);
});

test("leaving the iteration leaves the work alone", async () => {
  const log = await traced(async ({ log }) => {
    const tasks = [1, 5].map((ms) => createTask(() => sleep(ms, ms)));
    for await (const { future: task } of asCompleted(tasks, { timeout: 100 })) {
      log(String(task.result()));
      break;
    }
    log(String(await tasks[1]));
  });
  expect(log).toEqual([
    [1, "1"],
    [5, "5"],
  ]);
});

test("one who is cancelled while it waits loses nothing: the next call gives it", async () => {
  const log = await traced(async ({ log }) => {
    const work = createTask(() => sleep(10, "value"));
    const completions = asCompleted([work]);
    const waiting = createTask(() => completions.next());
    await sleep(1);
    waiting.cancel();
    await waiting.catch((error: unknown) => log((error as Error).name));
    for await (const { future } of completions) log(future.result());
    log(String((await completions.next()).done));
  });
  expect(log).toEqual([
    [1, "CancelledError"],
    [10, "value"],
    [10, "true"],
  ]);
});

test("several may wait for the next at once, and when the time is over each is told", async () => {
  const log = await traced(async ({ log }) => {
    const tasks = [1, 2, 30, 40].map((ms) => createTask(() => sleep(ms, ms)));
    const completions = asCompleted(tasks, { timeout: 10 });
    const nexts = Array.from({ length: 5 }, () => completions.next());
    for (const next of nexts) {
      await next.then(
        ({ done, value }) => log(`${String(done)} ${value?.future.result()}`),
        (error: unknown) => log((error as Error).name),
      );
    }
  });
  expect(log).toEqual([
    [1, "false 1"],
    [2, "false 2"],
    [10, "TimeoutError"],
    [10, "TimeoutError"],
    [10, "true undefined"],
  ]);
});

test("one that is left while somebody waits ends for that one, too", async () => {
  const log = await traced(async ({ log }) => {
    const completions = asCompleted([createTask(() => sleep(50))]);
    const next = createTask(() => completions.next());
    await sleep(1);
    await completions.return?.();
    log(String((await next).done));
  });
  expect(log).toEqual([[1, "true"]]);
});

test("a signal ends the wait for the next with its reason", async () => {
  const log = await traced(async ({ log, loop }) => {
    const controller = new AbortController();
    const { signal } = controller;
    loop.callLater(5, () => controller.abort("enough"));
    const iterate = async (): Promise<void> => {
      for await (const { future } of asCompleted([() => sleep(1), () => sleep(50)], { signal }))
        log(String(future.done()));
    };
    for (let i = 0; i < 2; i++) await iterate().catch((error: unknown) => log(String(error)));
  });
  expect(log).toEqual([
    [1, "true"],
    [5, "enough"],
    [5, "enough"],
  ]);
});

test("a piece that is given twice counts once, and of nothing there is nothing", async () => {
  await messages(async ({ loop }) => {
    const task = createTask(() => sleep(1));
    const seen: unknown[] = [];
    for await (const { future } of asCompleted([task, task])) seen.push(future);
    for await (const { future } of asCompleted([], { timeout: 10 })) seen.push(future);
    expect(seen).toEqual([task]);
    expect(loop.time()).toBe(1);
  });
});

test("in a deadlock the work is told, which the iteration gives", async () => {
  const log = await messages(async ({ log, loop }) => {
    const stuck = createTask(async () => {
      await loop.createFuture<void>("a reply");
    });
    for await (const { future } of asCompleted([stuck]))
      log((future.exception() as Error).message.includes("waits for a reply") ? "told" : "?");
  });
  expect(log).toEqual(["told"]);
});

test("leaves neither timer nor listener behind", async () => {
  const log = await traced(async ({ log, loop }) => {
    const { signal } = new AbortController();
    const work = [() => sleep(10), () => sleep(20)];
    for await (const { future } of asCompleted(work, { timeout: 1000, signal }))
      log(String(future.done()));
    for await (const { future } of asCompleted(work, { timeout: 1000, signal })) {
      log(String(future.done()));
      break;
    }
    log(`${getEventListeners(signal, "abort").length} listeners`);
    // With a timer left, time would go on to that before nothing is left to come.
    await loop.createFuture<void>().catch((error: unknown) => log((error as Error).name));
  });
  expect(log).toEqual([
    [10, "true"],
    [20, "true"],
    [30, "true"],
    [30, "0 listeners"],
    [40, "DeadlockError"],
  ]);
});

test("refuses what is no list of work, and needs a loop", async () => {
  expect(() => asCompleted([])).toThrow(NoLoopError);
  await messages(async () => {
    expect(() => asCompleted(sleep(0) as never)).toThrow(ArgumentError);
    expect(() => asCompleted(undefined as never)).toThrow("a list is wanted");
    expect(() => asCompleted([1 as never])).toThrow(WrongFlavorError);
    expect(() => asCompleted([], { timeout: Number.NaN })).toThrow(ArgumentError);
    expect(() => asCompleted([], { signal: {} as never })).toThrow(ArgumentError);
  });
});
