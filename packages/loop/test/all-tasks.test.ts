import { expect, test } from "vitest";
import { allTasks } from "../src/all-tasks.js";
import { createTask } from "../src/create-task.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { sleep } from "../src/sleep.js";
import { messages } from "./on-virtual-time.js";

test("lists the tasks that have not ended, the oldest first", async () => {
  const log = await messages(async ({ log }) => {
    const names = (): string => [...allTasks()].map((task) => task.name).join(" ");
    const first = createTask(async function first() {
      await sleep(10);
    });
    const second = createTask(async function second() {
      await sleep(5);
    });
    log(names());
    await second;
    log(names());
    await first;
  });
  expect(log).toEqual(["main first second", "main first"]);
});

test("lists the tasks of a given loop, from anywhere", async () => {
  const log = await messages(async ({ log, loop }) => {
    log(String(allTasks(loop).size));
  });
  expect(log).toEqual(["1"]);
});

test("says what is missing outside of a loop", () => {
  expect(() => allTasks()).toThrow(NoLoopError);
});
