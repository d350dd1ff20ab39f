import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { createTask, getRunningLoop, run, sleep, whenDone } from "../src/index.js";
import { LoopClosedError } from "../src/loop-closed-error.js";
import { EventLoop } from "../src/event-loop.js";
import { messages } from "./on-virtual-time.js";

test("calls the function, with the future, an iteration after it is done", async () => {
  const log = await messages(async ({ log, loop }) => {
    const future = loop.createFuture<string>();
    whenDone(future, (done) => log(`called with ${done.result()}`));
    future.setResult("value");
    log("set");
    await sleep(0);
  });
  expect(log).toEqual(["set", "called with value"]);
});

test("calls it in the next iteration where the future is done already", async () => {
  const log = await messages(async ({ log, loop }) => {
    const future = loop.createFuture<void>();
    future.setResult();
    whenDone(future, () => log("called"));
    log("asked");
    await sleep(0);
  });
  expect(log).toEqual(["asked", "called"]);
});

/** A host that lets all microtasks in. */
class MicrotaskHost extends VirtualHost {
  admitsMicrotask(): boolean {
    return true;
  }
}

test("calls it at once where a task ends and the host lets it in", async () => {
  const host = new MicrotaskHost();
  const log: string[] = [];
  const child = async (name: string, ms: number): Promise<void> => {
    if (ms > 0) await sleep(ms);
    // What the host has to do next comes after this turn.
    host.soon(() => log.push(`after the turn of ${name}`));
  };
  const main = async (): Promise<void> => {
    whenDone(createTask(child, "first", 0), () => log.push("first"));
    await sleep(5);
    whenDone(createTask(child, "later", 1), () => log.push("later"));
    await sleep(5);
    whenDone(createTask(child, "not alone", 0), () => log.push("not alone"));
    getRunningLoop().callSoon(() => log.push("something else"));
    await sleep(5);
  };
  await run(main, { host });
  expect(log).toEqual([
    "first",
    "after the turn of first",
    "later",
    "after the turn of later",
    "after the turn of not alone",
    "something else",
    "not alone",
  ]);
});

test("keeps its place among the callbacks of a future", async () => {
  const log = await messages(async ({ log }) => {
    const task = createTask(async () => {});
    task.addDoneCallback(() => log("a"));
    whenDone(task, () => log("b"));
    task.addDoneCallback(() => log("c"));
    await sleep(1);
  });
  expect(log).toEqual(["a", "b", "c"]);
});

test("refuses where the loop has closed", async () => {
  const loop = new EventLoop();
  const future = loop.createFuture<void>();
  await loop.close();
  expect(() => whenDone(future, () => {})).toThrow(LoopClosedError);
});
