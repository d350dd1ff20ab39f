import { WrongFlavorError } from "@trestle/host";
import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { currentTask } from "../src/current.js";
import type { Future } from "../src/future.js";
import { sleep } from "../src/sleep.js";
import { messages } from "./on-virtual-time.js";

test("takes what the function returns: a promise, a Future, a thenable or a value", async () => {
  await messages(async () => {
    const thenable = { then: (resolve: (value: string) => void) => resolve("thenable") };
    expect(await createTask(async () => "promise")).toBe("promise");
    expect(await createTask((): Future<string> => sleep(5, "future"))).toBe("future");
    expect(await createTask((): PromiseLike<string> => thenable as never)).toBe("thenable");
    expect(await createTask((() => "value") as never)).toBe("value");
  });
});

test("takes what the function throws, at once or later", async () => {
  await messages(async () => {
    const error = new Error("no");
    const atOnce = createTask(() => {
      throw error;
    });
    const later = createTask(async () => {
      await sleep(1);
      throw error;
    });
    await expect(Promise.resolve(atOnce)).rejects.toBe(error);
    await expect(Promise.resolve(later)).rejects.toBe(error);
  });
});

test("a Future that is returned is awaited by the task: cancelling the task cancels it", async () => {
  const log = await messages(async ({ log }) => {
    const futures: Future<void>[] = [];
    const task = createTask(() => {
      const future = sleep(1000);
      futures.push(future);
      return future;
    });
    await sleep(1);
    task.cancel();
    await task.catch((error: unknown) => log((error as Error).name));
    log(String(futures[0]?.cancelled()));
  });
  expect(log).toEqual(["CancelledError", "true"]);
});

test("a task that is cancelled before it starts never calls its function", async () => {
  const log = await messages(async ({ log }) => {
    const task = createTask(async () => log("called"));
    task.cancel("too early");
    await task.catch((error: unknown) => log(String(error)));
  });
  expect(log).toEqual(["CancelledError: too early"]);
});

test("an operation that is returned is refused, and the wrapper named", async () => {
  await messages(async () => {
    function* walk(): Generator<undefined> {
      yield undefined;
    }
    const task = createTask(function start() {
      return walk() as never;
    });
    await expect(Promise.resolve(task)).rejects.toThrow(WrongFlavorError);
    await expect(Promise.resolve(task)).rejects.toThrow(
      "Cannot run task 'start' with start (function)",
    );
  });
});

test("the function runs in its task from its first line on", async () => {
  const log = await messages(async ({ log }) => {
    await createTask(async function first() {
      log(currentTask()?.name ?? "none");
    });
  });
  expect(log).toEqual(["first"]);
});

test("whoever awaits a task that ends in its first turn goes on in that turn, unless something else is ready", async () => {
  const log = await messages(async ({ log, host, loop }) => {
    const child = async (name: string): Promise<string> => {
      // What the host has to do next comes after this turn.
      host.soon(() => log(`after the turn of ${name}`));
      return name;
    };
    log(await createTask(child, "alone"));
    await sleep(1);
    const task = createTask(child, "not alone");
    loop.callSoon(log, "something else");
    log(await task);
  });
  expect(log).toEqual([
    "alone",
    "after the turn of alone",
    "after the turn of not alone",
    "something else",
    "not alone",
  ]);
});

test("a long row of short tasks lets timers and the host in", async () => {
  const log = await messages(async ({ log, host }) => {
    let count = 0;
    let isOver = false;
    host.soon(() => (isOver = true));
    while (!isOver && count < 1000) {
      await createTask(async () => {});
      count++;
    }
    log(String(count < 10));
  });
  expect(log).toEqual(["true"]);
});
