import { DeadlockError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { EventLoop } from "../src/event-loop.js";
import { Event } from "../src/event.js";
import { gather } from "../src/gather.js";
import { run } from "../src/run.js";
import { shield } from "../src/shield.js";
import { sleep } from "../src/sleep.js";
import { taskGroup } from "../src/task-group.js";
import { until } from "../src/until.js";
import { waitFor } from "../src/wait-for.js";
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

test("the report is thrown where tasks wait for something else than tasks, and all clean up", async () => {
  const log = await traced(async ({ log }) => {
    const worker = async (name: string): Promise<void> => {
      try {
        await new Event().wait();
      } finally {
        await sleep(10);
        log(`${name} cleaned up`);
      }
    };
    const group = taskGroup(async (tasks) => {
      void tasks.createTask(worker, "a");
      void tasks.createTask(worker, "b");
    });
    await group.catch((error: unknown) =>
      log(String((error as AggregateError).errors.map(nameOf))),
    );
    log("main went on");
  });
  expect(log).toEqual([
    [10, "a cleaned up"],
    [10, "b cleaned up"],
    [10, "DeadlockError,DeadlockError"],
    [10, "main went on"],
  ]);
});

test("what waits for tasks, by whatever means, waits for their cleanup", async () => {
  const worker = (log: (message: string) => void) => async (): Promise<void> => {
    try {
      await new Event().wait();
    } finally {
      await sleep(10);
      log("cleaned up");
    }
  };
  const means: ((work: () => Promise<void>) => PromiseLike<unknown>)[] = [
    (work) => gather([work]),
    (work) => shield(work),
    (work) => waitFor(work, Number.POSITIVE_INFINITY),
    (work) => createTask(work),
  ];
  for (const wait of means) {
    const log = await traced(async ({ log }) => {
      await wait(worker(log)).then(undefined, (error: unknown) => log(nameOf(error)));
    });
    expect(log).toEqual([
      [10, "cleaned up"],
      [10, "DeadlockError"],
    ]);
  }
});

const nameOf = (error: unknown): string => (error as Error).name;

test("a task that only waits again is given up at the third time", async () => {
  const host = new VirtualHost();
  const stubborn = run(
    async function stubborn() {
      for (let again = 0; again < 4; again++) await new Event().wait().catch(() => {});
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
