import { WrongFlavorError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { CancelledError } from "../src/cancelled-error.js";
import { createTask } from "../src/create-task.js";
import { currentLoop, currentTask, getRunningLoop } from "../src/current.js";
import type { EventLoop } from "../src/event-loop.js";
import { LoopRunningError } from "../src/loop-running-error.js";
import { LoopStoppedError } from "../src/loop-stopped-error.js";
import { run } from "../src/run.js";
import { sleep } from "../src/sleep.js";

test("gives main's value, and closes its loop", async () => {
  const loops: EventLoop[] = [];
  const value = await run(
    async () => {
      loops.push(getRunningLoop());
      return sleep(10, 42);
    },
    { host: new VirtualHost() },
  );
  expect([value, loops[0]?.isClosed(), currentLoop()]).toEqual([42, true, undefined]);
});

test("gives main's own error as it is, after the others have ended", async () => {
  const error = new Error("main failed");
  const alone: string[] = [];
  const host = new VirtualHost();
  await expect(
    run(
      async () => {
        void createTask(async () => {
          try {
            await sleep(1000);
          } finally {
            await sleep(5);
            alone.push(`cleaned up at ${host.now()}`);
          }
        });
        await sleep(1);
        throw error;
      },
      { host },
    ),
  ).rejects.toBe(error);
  expect(alone).toEqual(["cleaned up at 6"]);
});

test("a main that was cancelled rejects with CancelledError", async () => {
  const program = run(
    async () => {
      currentTask()?.cancel("by itself");
      await sleep(10);
    },
    { host: new VirtualHost() },
  );
  await expect(program).rejects.toThrow(CancelledError);
});

test("a main that stops its loop is told, and the loop is closed all the same", async () => {
  const loops: EventLoop[] = [];
  const program = run(
    async () => {
      loops.push(getRunningLoop());
      getRunningLoop().stop();
      await sleep(10);
    },
    { host: new VirtualHost() },
  );
  await expect(program).rejects.toThrow(LoopStoppedError);
  expect(loops[0]?.isClosed()).toBe(true);
});

test("names the main task after its function, or main", async () => {
  const name = async (): Promise<string | undefined> => currentTask()?.name;
  const host = new VirtualHost();
  expect(await run(name, { host })).toBe("name");
  expect(
    await run(
      (
        () => async () =>
          currentTask()?.name
      )(),
      { host },
    ),
  ).toBe("main");
});

test("is refused in a loop that runs, and for structured functions", async () => {
  await run(
    async () => {
      await expect(run(async () => {})).rejects.toThrow(LoopRunningError);
    },
    { host: new VirtualHost() },
  );
  await expect(run(function* main() {} as never)).rejects.toThrow(WrongFlavorError);
  await expect(run(function* main() {} as never)).rejects.toThrow("asLoop(main)");
});

test("a function that returns an operation fails, and names the wrapper", async () => {
  const operation = { next: () => ({ done: true, value: 1 }), [Symbol.iterator]: () => operation };
  const program = run((() => operation) as never, { host: new VirtualHost() });
  await expect(program).rejects.toThrow("asLoop");
});

test("runs on the platform's own loop, in real time", async () => {
  const from = performance.now();
  await run(() => sleep(20));
  expect(performance.now() - from).toBeGreaterThanOrEqual(19);
});
