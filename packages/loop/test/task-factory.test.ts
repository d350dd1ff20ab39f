import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { currentTask } from "../src/current.js";
import { EventLoop } from "../src/event-loop.js";
import { gather } from "../src/gather.js";
import { sleep } from "../src/sleep.js";
import { createEagerTaskFactory, eagerTaskFactory } from "../src/task-factory.js";
import { taskGroup } from "../src/task-group.js";
import { Task } from "../src/task.js";
import { VirtualHost } from "@trestle/testing";
import { messages, traced } from "./on-virtual-time.js";

class Marked<T> extends Task<T> {
  readonly mark = "marked";
}

test("makes all tasks of the loop, those of combinators and groups too", async () => {
  await messages(async ({ loop }) => {
    const made: Task<unknown>[] = [];
    loop.setTaskFactory((...given) => {
      const task = new Marked(...given);
      made.push(task);
      return task;
    });
    await createTask({ name: "one" }, async () => {});
    await gather([async () => {}]);
    await taskGroup(async (group) => void group.createTask(async () => {}));
    expect(made.map((task) => (task as Marked<unknown>).mark)).toEqual([
      "marked",
      "marked",
      "marked",
    ]);
    expect(made[0]?.name).toBe("one");
    loop.setTaskFactory(undefined);
    expect(loop.getTaskFactory()).toBeUndefined();
    expect(createTask(sleep, 1)).not.toBeInstanceOf(Marked);
  });
});

test("eager tasks run until they wait, inside of createTask, and the creator is the current task again", async () => {
  const log = await messages(async ({ log, loop }) => {
    loop.setTaskFactory(eagerTaskFactory);
    const inner = async (): Promise<void> => log(`inner in ${currentTask()?.name}`);
    const task = createTask(async function outer() {
      log(`outer in ${currentTask()?.name}`);
      await createTask({ name: "inner" }, inner);
      log("outer goes on");
    });
    log(`created in ${currentTask()?.name}`);
    await task;
  });
  expect(log).toEqual(["outer in outer", "inner in inner", "created in main", "outer goes on"]);
});

test("an eager task that throws at once has failed, and one that is cancelled before it waits is cancelled there", async () => {
  await messages(async ({ loop }) => {
    loop.setTaskFactory(eagerTaskFactory);
    const failing = createTask(() => {
      throw new Error("at once");
    });
    expect(failing.done()).toBe(true);
    await expect(Promise.resolve(failing)).rejects.toThrow("at once");
    const cancelled = createTask(async () => {
      currentTask()?.cancel("by itself");
      await sleep(1000);
    });
    await expect(Promise.resolve(cancelled)).rejects.toThrow("by itself");
  });
});

test("one task may be eager in a loop of others, and the other way round", async () => {
  const log = await messages(async ({ log, loop }) => {
    const say = async (name: string): Promise<void> => log(name);
    const lazy = createTask(say, "lazy");
    const eager = createTask({ eagerStart: true }, say, "eager");
    await gather([lazy, eager]);
    loop.setTaskFactory(createEagerTaskFactory(Marked));
    const unhurried = createTask({ eagerStart: false }, say, "unhurried");
    const hurried = createTask(say, "hurried");
    await gather([unhurried, hurried]);
    expect(hurried).toBeInstanceOf(Marked);
  });
  expect(log).toEqual(["eager", "lazy", "hurried", "unhurried"]);
});

test("in a loop that does not run an eager task starts in its first iteration", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const log: string[] = [];
  loop.setTaskFactory(eagerTaskFactory);
  const task = loop.createTask(async () => log.push("started"));
  expect(log).toEqual([]);
  await loop.runUntilComplete(task);
  expect(log).toEqual(["started"]);
  await loop.close();
});

test("an eager task that waits for somebody else's promise holds virtual time", async () => {
  const log = await traced(async ({ log, host, loop }) => {
    const sleeper = createTask(sleep, 1000);
    let settle = (): void => {};
    host.at(0, () => {
      // From outside of the loop's turns, while the loop rests.
      void loop.createTask({ eagerStart: true }, async () => {
        await new Promise<void>((resolve) => (settle = resolve));
        log("settled");
      });
      setImmediate(() => settle());
    });
    await sleeper;
    log("slept");
  });
  expect(log).toEqual([
    [0, "settled"],
    [1000, "slept"],
  ]);
});
