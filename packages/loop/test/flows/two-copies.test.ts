import { VirtualHost } from "@trestle/testing";
import { beforeAll, expect, test, vi } from "vitest";
import * as here from "../../src/index.js";
import { messages } from "../on-virtual-time.js";

type Package = typeof here;

let there: Package;

// The package is loaded a second time: as its ESM and CommonJS builds are in one process.
beforeAll(async () => {
  vi.resetModules();
  there = await import("../../src/index.js");
});

test("the two are copies", () => {
  expect(there.EventLoop).not.toBe(here.EventLoop);
  expect(there.Future).not.toBe(here.Future);
});

test("one copy finds the loop and the task of the other", async () => {
  await messages(async ({ loop }) => {
    expect(there.getRunningLoop()).toBe(loop);
    expect(there.currentTask()).toBe(here.currentTask());
    expect([...there.allTasks()]).toEqual([...here.allTasks()]);
    expect(await there.createTask(async () => there.currentTask()?.name ?? "none")).toBe("task-2");
  });
});

test("futures of one copy are awaited, gathered, shielded and timed by the other", async () => {
  await messages(async () => {
    const tasks = [
      here.createTask(() => here.sleep(5, "here")),
      there.createTask(() => there.sleep(5, "there")),
    ];
    expect(await there.gather(tasks)).toEqual(["here", "there"]);
    expect(await there.shield(here.createTask(async () => 1))).toBe(1);
    expect(await there.waitFor(here.sleep(5, 2), 10)).toBe(2);
    await expect(there.timeout(5, () => here.sleep(10))).rejects.toThrow(here.TimeoutError);
  });
});

test("a cancellation goes through tasks of both, and either recognizes it", async () => {
  await messages(async () => {
    const inner = there.createTask(() => there.sleep(1000));
    const middle = here.createTask(async () => {
      await inner;
    });
    const outer = there.createTask(async () => {
      await there.gather([middle]);
    });
    await here.sleep(1);
    outer.cancel("through");
    const error: unknown = await outer.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(here.CancelledError);
    expect(error).toBeInstanceOf(there.CancelledError);
    expect([inner, middle, outer].map((task) => task.cancelled())).toEqual([true, true, true]);
  });
});

test("a task group of one copy takes tasks whose code is of the other", async () => {
  await messages(async () => {
    const group = there.taskGroup(async (tasks) => {
      void tasks.createTask(() => here.sleep(1000));
      void tasks.createTask(async () => {
        await here.sleep(1);
        throw new Error("no");
      });
    });
    await expect(group).rejects.toMatchObject({
      errors: [expect.objectContaining({ message: "no" })],
    });
  });
});

test("a loop of one copy is run while the other has one", async () => {
  const results = await Promise.all([
    here.run(async () => here.currentLoop() === there.currentLoop(), { host: new VirtualHost() }),
    there.run(async () => here.currentLoop() === there.currentLoop(), { host: new VirtualHost() }),
  ]);
  expect(results).toEqual([true, true]);
});
