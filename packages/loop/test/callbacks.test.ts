import { VirtualHost } from "@trestle/testing";
import { afterAll, expect, test } from "vitest";
import { enqueueAll, withCallback, withoutFunction, type Callbacks } from "../src/callbacks.js";
import { DoneCallback } from "../src/done-callback.js";
import { EventLoop } from "../src/event-loop.js";
import { core, internals } from "../src/internals.js";
import { messages } from "./on-virtual-time.js";

const loop = new EventLoop({ host: new VirtualHost() });
afterAll(() => loop.close());
const callback = (fn: () => void): DoneCallback =>
  new DoneCallback(loop.createFuture()[core], fn, undefined);

test("keeps one as it is, and several in a list", () => {
  const [one, two, three] = [callback(() => {}), callback(() => {}), callback(() => {})] as const;
  let callbacks: Callbacks;
  callbacks = withCallback(callbacks, one);
  expect(callbacks).toBe(one);
  callbacks = withCallback(withCallback(callbacks, two), three);
  expect(callbacks).toEqual([one, two, three]);
});

test("takes back all that are one function, and counts them", () => {
  const twice = (): void => {};
  const other = callback(() => {});
  let callbacks: Callbacks;
  for (const each of [callback(twice), other, callback(twice)]) {
    callbacks = withCallback(callbacks, each);
  }
  expect(withoutFunction(callbacks, twice)).toEqual([[other], 2]);
  expect(withoutFunction(undefined, twice)).toEqual([[], 0]);
});

test("queues all and gives the last", () => {
  const { scheduler } = loop[internals];
  const [one, two] = [callback(() => {}), callback(() => {})] as const;
  expect(enqueueAll(undefined, scheduler)).toBeUndefined();
  expect(enqueueAll(one, scheduler)).toBe(one);
  expect(enqueueAll([one, two], scheduler)).toBe(two);
});

test("a handler that comes late is called after those that came in time (Promises/A+ 2.2.6)", async () => {
  const log = await messages(async ({ log, loop }) => {
    const future = loop.createFuture<void>();
    const late: PromiseLike<void>[] = [];
    const first = future.then(() => {
      log("first");
      late.push(future.then(() => log("late")));
    });
    const second = future.then(() => log("second"));
    future.setResult();
    await Promise.all([first, second]);
    await Promise.all(late);
  });
  expect(log).toEqual(["first", "second", "late"]);
});

test("an await that comes late goes on at once (asyncio)", async () => {
  const log = await messages(async ({ log, loop }) => {
    const future = loop.createFuture<void>();
    const wait = async (name: string): Promise<void> => {
      await future;
      log(`${name} woke`);
      await future;
      log(`${name} went on`);
    };
    const tasks = [loop.createTask(wait, "a"), loop.createTask(wait, "b")];
    loop.callSoon(() => future.setResult());
    for (const task of tasks) await task;
  });
  expect(log).toEqual(["a woke", "a went on", "b woke", "b went on"]);
});
