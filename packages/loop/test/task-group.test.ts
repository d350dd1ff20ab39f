import { ExceptionGroup, WrongFlavorError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { currentTask } from "../src/current.js";
import { EventLoop } from "../src/event-loop.js";
import { NoTaskError } from "../src/no-task-error.js";
import { run } from "../src/run.js";
import { sleep } from "../src/sleep.js";
import { TaskGroupClosedError } from "../src/task-group-closed-error.js";
import { taskGroup, type TaskGroup } from "../src/task-group.js";
import { messages, traced } from "./on-virtual-time.js";

const failing = async (ms: number, message: string): Promise<void> => {
  await sleep(ms);
  throw new Error(message);
};

test("ends when all its tasks have ended, and gives what the block returns", async () => {
  const log = await traced(async ({ log }) => {
    const value = await taskGroup(async (group) => {
      void group.createTask(async () => {
        await sleep(20);
        log("task");
      });
      await sleep(5);
      log("block");
      return "value";
    });
    log(value);
  });
  expect(log).toEqual([
    [5, "block"],
    [20, "task"],
    [20, "value"],
  ]);
});

test("when one task fails, the others and the block are cancelled, and the errors come as a group", async () => {
  const log = await traced(async ({ log }) => {
    const lingering = async (): Promise<void> => {
      try {
        await sleep(1000);
      } finally {
        await sleep(5);
        log("the other cleaned up");
      }
    };
    try {
      await taskGroup(async (group) => {
        void group.createTask(lingering);
        void group.createTask(failing, 10, "one");
        await sleep(1000).finally(() => log("block cancelled"));
      });
    } catch (error) {
      const group = error as ExceptionGroup;
      log(`${group instanceof ExceptionGroup}: ${group.errors.map(String).join()}`);
    }
    log(`cancelling ${currentTask()?.cancelling()}`);
    await sleep(10);
  });
  expect(log).toEqual([
    [10, "block cancelled"],
    [15, "the other cleaned up"],
    [15, "true: Error: one"],
    [15, "cancelling 0"],
  ]);
});

test("several errors and the block's own are in one group", async () => {
  await messages(async () => {
    const group = taskGroup(async (tasks) => {
      void tasks.createTask(failing, 0, "one");
      void tasks.createTask(failing, 0, "two");
      await sleep(1000).catch(() => failing(0, "body"));
    });
    await expect(group).rejects.toMatchObject({
      errors: [
        expect.objectContaining({ message: "one" }),
        expect.objectContaining({ message: "two" }),
        expect.objectContaining({ message: "body" }),
      ],
    });
  });
});

test("cancelling the task around it cancels its tasks, and goes on as CancelledError", async () => {
  const log = await traced(async ({ log }) => {
    const task = createTask(async () => {
      await taskGroup(async (group) => {
        void group.createTask(() => sleep(1000).finally(() => log("child cancelled")));
      });
    });
    await sleep(10);
    task.cancel("from outside");
    await task.catch((error: unknown) => log(String(error)));
    log(String(task.cancelled()));
  });
  expect(log).toEqual([
    [10, "child cancelled"],
    [10, "CancelledError: from outside"],
    [10, "true"],
  ]);
});

test("errors win over a cancellation from outside", async () => {
  const log = await messages(async ({ log }) => {
    const task = createTask(async () => {
      await taskGroup(async (group) => {
        void group.createTask(async () => {
          await sleep(1000).catch(() => {});
          throw new Error("while unwinding");
        });
      });
    });
    await sleep(10);
    task.cancel();
    await task.catch((error: unknown) => log(String((error as ExceptionGroup).errors)));
  });
  expect(log).toEqual(["Error: while unwinding"]);
});

test("a task that is cancelled by somebody else does not fail the group", async () => {
  const log = await messages(async ({ log }) => {
    await taskGroup(async (group) => {
      const child = group.createTask(() => sleep(1000));
      await sleep(1);
      child.cancel();
    });
    log("fine");
  });
  expect(log).toEqual(["fine"]);
});

test("tasks may start tasks as long as one is alive, and none when it has ended or fails", async () => {
  const log = await messages(async ({ log }) => {
    const groups: TaskGroup[] = [];
    const refusal = (): string => {
      try {
        void groups[0]?.createTask(async () => {});
        return "taken";
      } catch (error) {
        return `${error instanceof TaskGroupClosedError} ${(error as Error).message.split("\n", 1)[0]}`;
      }
    };
    await taskGroup(async (group) => {
      groups[0] = group;
      void group.createTask(async () => {
        await sleep(1);
        log(refusal());
      });
    });
    log(refusal());
    await taskGroup(async (group) => {
      groups[0] = group;
      void group.createTask(() => sleep(1000).finally(() => log(refusal())));
      void group.createTask(failing, 1, "no");
    }).catch(() => {});
  });
  expect(log).toEqual([
    "taken",
    "true Cannot create a task: the task group is finished.",
    "true Cannot create a task: the task group is shutting down.",
  ]);
});

test("needs a task", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  await expect(loop.enter(() => taskGroup(async () => {}))).rejects.toThrow(NoTaskError);
  await loop.close();
});

test("a body of the structured flavor is refused, whether it is seen before or after the call", async () => {
  const body = function* (): Generator<never, void> {};
  await run(async () => {
    await expect(taskGroup(body as never)).rejects.toThrow(WrongFlavorError);
    await expect(taskGroup(undefined as never)).rejects.toThrow(WrongFlavorError);
    await expect(taskGroup((() => body()) as never)).rejects.toMatchObject({
      errors: [expect.any(WrongFlavorError)],
    });
  });
});
