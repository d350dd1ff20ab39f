import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { EventLoop } from "../src/event-loop.js";
import { run } from "../src/run.js";
import { SelfAwaitError } from "../src/self-await-error.js";
import type { Task } from "../src/task.js";
import { WrongLoopError } from "../src/wrong-loop-error.js";

test("a task that awaits itself gets an error there, and may go on", async () => {
  const host = new VirtualHost();
  await run(
    async () => {
      const task: Task<string> = createTask(async function selfish() {
        await expect(Promise.resolve(task)).rejects.toThrow(SelfAwaitError);
        return "went on";
      });
      expect(await task).toBe("went on");
    },
    { host },
  );
});

test("a task that awaits a pending future of another loop gets an error, in its own loop", async () => {
  const host = new VirtualHost();
  const other = new EventLoop({ host });
  const foreign = other.createFuture<void>("the other's reply");
  await run(
    async () => {
      await expect(Promise.resolve(foreign)).rejects.toThrow(WrongLoopError);
      await expect(Promise.resolve(foreign)).rejects.toThrow(
        "Cannot await the other's reply in task 'main'",
      );
    },
    { host },
  );
  await other.close();
});

test("a future of another loop that is done may be awaited", async () => {
  const host = new VirtualHost();
  const other = new EventLoop({ host });
  const foreign = other.createFuture<number>();
  foreign.setResult(42);
  expect(await run(async () => foreign, { host })).toBe(42);
  await other.close();
});
