import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { sleep } from "../src/sleep.js";
import { taskGroup } from "../src/task-group.js";
import { splitTaskCall } from "../src/task-options.js";
import { messages } from "./on-virtual-time.js";

const fn = async (): Promise<void> => {};

test("options come before the function; without a function behind it an object is none", () => {
  const promise = Promise.resolve();
  expect(splitTaskCall({ name: "a" }, [fn, 1, 2])).toEqual([{ name: "a" }, fn, [1, 2]]);
  expect(splitTaskCall(promise, [])).toEqual([{}, promise, []]);
  expect(splitTaskCall(5, [fn])).toEqual([{}, 5, [fn]]);
});

test("answers wrong options in words", () => {
  const wrong: [object, string][] = [
    [{ name: 5 }, "'name': a string is wanted"],
    [{ eagerStart: "yes" }, "'eagerStart': true or false is wanted"],
    [{ context: {} }, "'context': an AsyncResource"],
    [{ context: null }, "'context': an AsyncResource"],
  ];
  for (const [options, words] of wrong) {
    expect(() => splitTaskCall(options, [fn])).toThrow(ArgumentError);
    expect(() => splitTaskCall(options, [fn])).toThrow(words);
  }
});

test("a name and a context are the task's, also in a group", async () => {
  const request = new AsyncLocalStorage<string>();
  const context = request.run("of the resource", () => new AsyncResource("test"));
  const log = await messages(async ({ log }) => {
    const say = async (greeting: string): Promise<void> =>
      log(`${greeting} ${request.getStore() ?? "none"}`);
    const task = createTask({ name: "reader", context }, say, "hello");
    log(task.getName());
    await task;
    await taskGroup(async (group) => {
      log(group.createTask({ name: "member" }, say, "member").getName());
    });
    task.setName("other");
    log(task.name);
  });
  expect(log).toEqual(["reader", "hello of the resource", "member", "member none", "other"]);
});

test("eager: the function is called inside of createTask and runs until it waits", async () => {
  const log = await messages(async ({ log }) => {
    const task = createTask({ eagerStart: true }, async () => {
      log("first step");
      await sleep(0);
      log("second step");
      return "value";
    });
    log("created");
    log(await task);
  });
  expect(log).toEqual(["first step", "created", "second step", "value"]);
});

test("what is no function of the loop flavor is refused with options too", async () => {
  await messages(async () => {
    const walk = function* (): Generator<void> {} as never;
    expect(() => createTask({ name: "a" }, walk as () => Promise<void>)).toThrow(WrongFlavorError);
    expect(() => createTask(...([{ name: "a" }] as never))).toThrow(WrongFlavorError);
  });
});
