import { expect, test, vi } from "vitest";
import { createTask } from "../src/create-task.js";
import { sleep } from "../src/sleep.js";
import { messages } from "./on-virtual-time.js";

async function readFurther(): Promise<void> {
  await sleep(10);
}

test("in debug mode it says what a task waits for, at which await, and where the task was made", async () => {
  await messages(async ({ loop }) => {
    loop.setDebug(true);
    const task = createTask(async function reader() {
      await readFurther();
    });
    await sleep(1);
    const [waits = "", at = "", ...rest] = task.stack.split("\n");
    expect(waits).toBe("task 'reader' waits for a sleep of 10 ms");
    expect(at).toBe("  it waits for a sleep of 10 ms");
    const made = rest.indexOf("  it was made");
    expect(rest.slice(0, made).join("\n")).toMatch(/readFurther .*task-stack\.test\.ts[^]*reader/u);
    expect(rest.slice(made + 1).join("\n")).toContain("task-stack.test.ts");
    await task;
  });
});

test("without debug mode it says what a task waits for", async () => {
  await messages(async () => {
    const task = createTask(async function reader() {
      await sleep(10);
    });
    expect(task.stack).toBe("task 'reader' has not started");
    await sleep(1);
    expect(task.stack).toBe("task 'reader' waits for a sleep of 10 ms");
    await task;
    expect(task.stack).toBe("");
  });
});

test("of a task that failed it is the stack of the error, which still counts as not looked at", async () => {
  const log = await messages(async ({ log, loop }) => {
    loop.setExceptionHandler((_, { message }) => log(message));
    const error = new Error("no");
    const failing = createTask(async function failing() {
      throw error;
    });
    const other = createTask(async function other() {
      throw "a text";
    });
    await sleep(1);
    expect([failing.stack, other.stack]).toEqual([error.stack, "a text"]);
  });
  expect(log).toEqual([
    "Nobody looked at the failure of task 'failing'",
    "Nobody looked at the failure of task 'other'",
  ]);
});

test("can be printed", async () => {
  const print = vi.spyOn(console, "error").mockImplementation(() => {});
  await messages(async () => {
    const task = createTask(async function reader() {});
    task.printStack();
    await task;
  });
  expect(print.mock.calls).toEqual([["task 'reader' has not started"]]);
});
