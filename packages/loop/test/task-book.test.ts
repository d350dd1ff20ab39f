import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { internals } from "../src/internals.js";
import { sleep } from "../src/sleep.js";
import { TaskBook } from "../src/task-book.js";
import { messages, traced } from "./on-virtual-time.js";

test("virtual time does not run past a promise that a task awaits and that is not the loop's", async () => {
  const log = await traced(async ({ log, host }) => {
    const sleeper = createTask(async () => {
      await sleep(1000);
      log("slept");
    });
    const reader = createTask(async () => {
      await new Promise<void>((resolve) => {
        setTimeout(() => {
          log(`held by ${host.held.join()}`);
          resolve();
        }, 10);
      });
      log("read");
    });
    await reader;
    await sleeper;
    log(`held by ${host.held.length}`);
  });
  expect(log).toEqual([
    [0, "held by a promise that a task of the event loop awaits"],
    [0, "read"],
    [1000, "slept"],
    [1000, "held by 0"],
  ]);
});

test("a task that has ended, or never started, holds nothing", async () => {
  await messages(async ({ host }) => {
    const task = createTask(async () => {});
    createTask(async () => {}).cancel();
    await task;
    await sleep(1);
    expect(host.held).toEqual([]);
  });
});

test("knows the tasks that are alive, in order, and lets the middle go", async () => {
  await messages(async ({ loop }) => {
    const { tasks } = loop[internals];
    const names = (): string[] => tasks.list().map(({ task }) => task.name);
    const [a, b, c] = ["a", "b", "c"].map((name, index) => {
      const task = createTask(() => sleep([3, 1, 2][index] as number));
      task.name = name;
      return task;
    });
    expect(names()).toEqual(["main", "a", "b", "c"]);
    await b;
    expect(names()).toEqual(["main", "a", "c"]);
    await c;
    expect(names()).toEqual(["main", "a"]);
    await a;
    expect([names(), tasks.isEmpty]).toEqual([["main"], false]);
  });
});

test("is empty at first", () => {
  expect(new TaskBook(new VirtualHost(), () => {}).isEmpty).toBe(true);
});

test("keeps track of what a task leaves behind waiting, until that is over", async () => {
  await messages(async ({ loop }) => {
    const { tasks } = loop[internals];
    await createTask(async () => {
      void sleep(10).then(() => {});
      await sleep(1);
    });
    expect(tasks.survived.size).toBe(1);
    await sleep(20);
    expect(tasks.survived.size).toBe(0);
  });
});
