import { WrongFlavorError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { EventLoop } from "../src/event-loop.js";
import { LoopClosedError } from "../src/loop-closed-error.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { messages } from "./on-virtual-time.js";

test("starts the function in the next iteration, with its arguments", async () => {
  const log = await messages(async ({ log, loop }) => {
    loop.callSoon(log, "queued before");
    const task = createTask(
      async (a: number, b: number) => {
        log("started");
        return a + b;
      },
      1,
      2,
    );
    loop.callSoon(log, "queued after");
    log("created");
    log(String(await task));
  });
  expect(log).toEqual(["created", "queued before", "started", "queued after", "3"]);
});

test("says what is missing outside of a loop", () => {
  expect(() => createTask(async () => {})).toThrow(NoLoopError);
  expect(() => createTask(async () => {})).toThrow(
    "Cannot create a task: no event loop is running here.\nStart one with 'run(async () => { ... })'",
  );
});

test("names the wrapper for a structured function, and refuses what is no function", async () => {
  await messages(async () => {
    const promise = Promise.resolve();
    expect(() => createTask(function* walk() {} as never)).toThrow(WrongFlavorError);
    expect(() => createTask(function* walk() {} as never)).toThrow(
      "'asLoop(walk)' of @trestle/bridge",
    );
    expect(() => createTask(promise as never)).toThrow("its work runs already");
    expect(() => createTask(5 as never)).toThrow(
      "Cannot create a task with 5 (number): an async function is wanted.",
    );
  });
});

test("a loop that is closed says what it was asked for", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  await loop.close();
  expect(() => loop.createTask(async () => {})).toThrow(LoopClosedError);
  expect(() => loop.createTask(async () => {})).toThrow(
    "Cannot create a task: the event loop is closed.",
  );
});
