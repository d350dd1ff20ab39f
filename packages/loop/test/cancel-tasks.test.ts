import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { sleep } from "../src/sleep.js";
import { messages, traced } from "./on-virtual-time.js";

test("cancels every task once, and is done when all have ended", async () => {
  const log = await traced(async ({ log, loop }) => {
    const linger = async (ms: number): Promise<void> => {
      try {
        await sleep(1000);
      } finally {
        log(`cancelled ${ms}`);
        await sleep(ms);
        log(`ended ${ms}`);
      }
    };
    void createTask(linger, 10);
    void createTask(linger, 20);
    await sleep(1);
    await loop.cancelAllTasks();
    log("all have ended");
  });
  expect(log).toEqual([
    [1, "cancelled 10"],
    [1, "cancelled 20"],
    [11, "ended 10"],
    [21, "ended 20"],
    [21, "all have ended"],
  ]);
});

test("cancels and awaits also what unwinding tasks start", async () => {
  const log = await traced(async ({ log, loop }) => {
    const late = async (): Promise<void> => {
      try {
        await sleep(1000);
      } finally {
        log("late one cancelled");
        await sleep(5);
        log("late one ended");
      }
    };
    void createTask(async () => {
      try {
        await sleep(1000);
      } finally {
        void createTask(late);
      }
    });
    await sleep(1);
    await loop.cancelAllTasks();
    log("all have ended");
  });
  expect(log).toEqual([
    [1, "late one cancelled"],
    [6, "late one ended"],
    [6, "all have ended"],
  ]);
});

test("gives late tasks a moment to end by themselves, as asyncio.run does", async () => {
  const log = await messages(async ({ log, loop }) => {
    void createTask(async () => {
      try {
        await sleep(1000);
      } finally {
        void createTask(async () => {
          await sleep(0);
          log("a short late one has ended");
        });
      }
    });
    await sleep(1);
    await loop.cancelAllTasks();
  });
  expect(log).toEqual(["a short late one has ended"]);
});

test("tells the exception handler of a task that fails while it unwinds", async () => {
  const log = await messages(async ({ log, loop }) => {
    loop.setExceptionHandler((_, { message, exception }) =>
      log(`${message}: ${String(exception)}`),
    );
    void createTask(async function clumsy() {
      try {
        await sleep(1000);
      } finally {
        // oxlint-disable-next-line no-unsafe-finally -- that is the case
        throw new Error("cleanup failed");
      }
    });
    await sleep(1);
    await loop.cancelAllTasks();
  });
  expect(log).toEqual([
    "task 'clumsy' failed while the event loop cancelled its tasks: Error: cleanup failed",
  ]);
});

test("has nothing to do where the caller is alone", async () => {
  const log = await messages(async ({ log, loop }) => {
    const end = loop.cancelAllTasks();
    log(String(end.done()));
    await end;
  });
  expect(log).toEqual(["true"]);
});

test("gives up what makes new tasks for ever, with a report that names them", async () => {
  const log = await messages(async ({ log, loop }) => {
    loop.setExceptionHandler((_, { message }) => log(message));
    let made = 0;
    const hydra = async (): Promise<void> => {
      made++;
      try {
        await sleep(1000);
      } finally {
        if (made < 1000) void createTask({ name: "hydra" }, hydra);
      }
    };
    void createTask(hydra);
    await sleep(1);
    await loop.cancelAllTasks();
    log(`made ${made < 200 ? "few" : "many"}`);
    made = 1000;
  });
  expect(log).toEqual([
    "Cannot cancel all tasks of the event loop: after 100 rounds, those that were cancelled have made new ones again (hydra)",
    "made few",
  ]);
});
