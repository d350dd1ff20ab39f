import { DeadlockError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { EventLoop } from "../src/event-loop.js";
import { Event } from "../src/event.js";
import { run } from "../src/run.js";
import { sleep } from "../src/sleep.js";
import { taskGroup } from "../src/task-group.js";
import { until } from "../src/until.js";
import type { Task } from "../src/task.js";
import { traced } from "./on-virtual-time.js";

test("a loop that nothing can wake fails, with a line for each task that waits", async () => {
  const host = new VirtualHost();
  const program = run(
    async function main() {
      const never = new Event();
      const worker = createTask(async function worker() {
        await until(() => () => "withdrawn", "a device");
      });
      const idle = createTask(async function idle() {
        await Promise.all([never.wait(), worker]);
      });
      await idle;
    },
    { host },
  );
  await expect(program).rejects.toThrow(DeadlockError);
  await expect(program).rejects.toMatchObject({
    parked: [
      "task 'main' waits for task 'idle'",
      "task 'worker' waits for a device",
      "task 'idle' waits for an event and task 'worker'",
    ],
  });
});

test("the report is thrown where each task waits, so that all clean up", async () => {
  const log = await traced(async ({ log, loop }) => {
    loop.setExceptionHandler(() => {});
    const clean = async (name: string): Promise<void> => {
      try {
        await new Event().wait();
      } catch (error) {
        log(`${name} ${(error as Error).name}`);
      } finally {
        await sleep(10);
        log(`${name} cleaned up`);
      }
    };
    await taskGroup(async (group) => {
      void group.createTask(clean, "a");
      void group.createTask(clean, "b");
    }).catch((error: unknown) => log(`group ${(error as Error).name}`));
  });
  expect(log).toEqual([
    [0, "a DeadlockError"],
    [0, "b DeadlockError"],
    [10, "a cleaned up"],
    [10, "b cleaned up"],
    [10, "group DeadlockError"],
  ]);
});

test("a task that only waits again is given up at the second time", async () => {
  const host = new VirtualHost();
  const stubborn = run(
    async function stubborn() {
      for (let again = 0; again < 3; again++) await new Event().wait().catch(() => {});
    },
    { host },
  );
  await expect(stubborn).rejects.toThrow(DeadlockError);
});

test("tasks that wait for each other are a deadlock", async () => {
  const host = new VirtualHost();
  const program = run(
    async function main() {
      const tasks: Task<unknown>[] = [];
      tasks.push(createTask(async () => tasks[1]));
      tasks.push(createTask(async () => tasks[0]));
      await tasks[0];
    },
    { host },
  );
  await expect(program).rejects.toThrow(DeadlockError);
});

test("a run that nobody can stop any more is a deadlock", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  await expect(loop.runForever()).rejects.toThrow("the event loop runs until 'stop' is called");
  const future = loop.createFuture<void>("the reply");
  await expect(loop.runUntilComplete(future)).rejects.toThrow(
    "the event loop runs until the reply is done",
  );
  expect(loop.isRunning()).toBe(false);
  await loop.close();
});

test("a run for ever ends with the first report when all tasks are gone", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  void loop.createTask(async function worker() {
    await new Event().wait();
  });
  await expect(loop.runForever()).rejects.toMatchObject({
    parked: ["task 'worker' waits for an event"],
  });
  await loop.close();
});

test("a loop that is done reports nothing", async () => {
  const host = new VirtualHost();
  const loop = new EventLoop({ host });
  await loop.runUntilComplete(async () => {});
  const other = new EventLoop({ host });
  await expect(other.runForever()).rejects.toMatchObject({
    parked: ["the event loop runs until 'stop' is called"],
  });
  await loop.close();
  await other.close();
});
