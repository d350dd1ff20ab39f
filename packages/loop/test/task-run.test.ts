import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { EventLoop } from "../src/event-loop.js";
import { internals } from "../src/internals.js";
import { sleep } from "../src/sleep.js";
import { messages, traced } from "./on-virtual-time.js";

const linesOf = (loop: EventLoop): string[] =>
  loop[internals].tasks.list().map((run) => run.describe());

test("says what each task waits for", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const future = loop.createFuture<void>("the reply");
  void loop.createTask(async function one() {
    await future;
  });
  void loop.createTask(async function two() {
    await Promise.all([sleep(5), future]);
  });
  void loop.createTask(async function elsewhere() {
    await new Promise(() => {});
  });
  expect(linesOf(loop)).toEqual(
    ["one", "two", "elsewhere"].map((name) => `task '${name}' has not started`),
  );
  loop.callSoon(() => loop.stop());
  await loop.runForever();
  expect(linesOf(loop)).toEqual([
    "task 'one' waits for the reply",
    "task 'two' waits for a sleep of 5 ms and the reply",
    "task 'elsewhere' waits for a promise that is not the event loop's",
  ]);
  await loop.close();
});

test("a cancellation reaches everything that the task waits for", async () => {
  const log = await messages(async ({ log, loop }) => {
    const futures = [loop.createFuture<void>(), loop.createFuture<void>()];
    const task = createTask(async () => {
      const results = await Promise.allSettled(futures);
      log(results.map(({ status }) => status).join());
    });
    await sleep(1);
    task.cancel();
    log(futures.map((future) => String(future.cancelled())).join());
    await task;
  });
  expect(log).toEqual(["true,true", "rejected,rejected"]);
});

test("a cancellation of a running task cancels the next pending future that it awaits, and not one that is done", async () => {
  const log = await messages(async ({ log, loop }) => {
    const task = createTask(async function main() {
      task.cancel("in the middle");
      const done = loop.createFuture<void>();
      done.setResult();
      await done;
      log("one that is done");
      const pending = loop.createFuture<void>();
      await pending.catch((error: unknown) => log(String(error)));
      await sleep(5);
      log("once only");
    });
    await task;
  });
  expect(log).toEqual(["one that is done", "CancelledError: in the middle", "once only"]);
});

test("a cancellation of a task that is about to wake is thrown instead of the value", async () => {
  const log = await messages(async ({ log, loop }) => {
    const future = loop.createFuture<string>();
    const task = createTask(async () => {
      await future.then(log, (error: unknown) => log(String(error)));
    });
    await sleep(1);
    future.setResult("value");
    log(String(task.cancel("too late")));
    await task;
  });
  expect(log).toEqual(["true", "CancelledError: too late"]);
});

test("a task that waits for somebody else's promise gets the error at its next future", async () => {
  const log = await traced(async ({ log }) => {
    const task = createTask(async () => {
      await new Promise<void>((resolve) => void setTimeout(resolve, 10));
      log("not interrupted");
      await sleep(10);
      log("not reached");
    });
    await sleep(0);
    task.cancel();
    await task.catch((error: unknown) => log((error as Error).name));
  });
  expect(log).toEqual([
    [0, "not interrupted"],
    [0, "CancelledError"],
  ]);
});

test("a task that ends with a cancellation on its way is cancelled, and its value lost (asyncio)", async () => {
  const log = await messages(async ({ log }) => {
    const task = createTask(async () => {
      task.cancel("at the end");
      return "value";
    });
    await task.catch((error: unknown) => log(String(error)));
    log(String(task.cancelled()));
  });
  expect(log).toEqual(["CancelledError: at the end", "true"]);
});
