import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { Event } from "../src/event.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { sleep } from "../src/sleep.js";
import { WrongLoopError } from "../src/wrong-loop-error.js";
import { traced } from "./on-virtual-time.js";

test("all that wait go on when it is set, in the order of their waiting", async () => {
  const log = await traced(async ({ log }) => {
    const event = new Event();
    const wait = async (name: string): Promise<void> => {
      await event.wait();
      log(name);
    };
    const tasks = [createTask(wait, "a"), createTask(wait, "b")];
    await sleep(10);
    event.set();
    event.set();
    for (const task of tasks) await task;
    await event.wait();
    log(String(event.isSet()));
  });
  expect(log).toEqual([
    [10, "a"],
    [10, "b"],
    [10, "true"],
  ]);
});

test("cleared, it makes the next ones wait; who was woken goes on", async () => {
  const log = await traced(async ({ log }) => {
    const event = new Event();
    const first = createTask(async () => {
      await event.wait();
      log("first");
      await event.wait();
      log("second");
    });
    await sleep(10);
    event.set();
    event.clear();
    log(String(event.isSet()));
    await sleep(10);
    event.set();
    await first;
  });
  expect(log).toEqual([
    [10, "false"],
    [10, "first"],
    [20, "second"],
  ]);
});

test("a cancelled wait is forgotten", async () => {
  const log = await traced(async ({ log }) => {
    const event = new Event();
    const waiting = createTask(() => event.wait());
    await sleep(10);
    waiting.cancel();
    await sleep(0);
    event.set();
    log(String(waiting.cancelled()));
  });
  expect(log).toEqual([[10, "true"]]);
});

test("waiting needs a loop", async () => {
  await expect(new Event().wait()).rejects.toThrow(NoLoopError);
});

test("a signal ends the wait with its reason", async () => {
  const log = await traced(async ({ log, loop }) => {
    const event = new Event();
    const controller = new AbortController();
    loop.callLater(5, () => controller.abort("enough"));
    for (let i = 0; i < 2; i++)
      await event.wait({ signal: controller.signal }).catch((error: unknown) => log(String(error)));
    event.set();
    await event.wait();
    log(String(event.isSet()));
  });
  expect(log).toEqual([
    [5, "enough"],
    [5, "enough"],
    [5, "true"],
  ]);
});

test("a wait that is over leaves no listener at its signal", async () => {
  await traced(async () => {
    const event = new Event();
    const { signal } = new AbortController();
    const waits = [
      createTask(() => event.wait({ signal })),
      createTask(() => event.wait({ signal })),
    ];
    await sleep(1);
    waits[0]?.cancel();
    await sleep(1);
    event.set();
    await waits[1];
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

test("it belongs to the loop of the first wait", async () => {
  const event = new Event();
  const wait = async (): Promise<void> => {
    event.clear();
    const waiting = createTask(() => event.wait());
    await sleep(1);
    event.set();
    await waiting;
  };
  await traced(wait);
  await expect(traced(wait)).rejects.toThrow(WrongLoopError);
});
