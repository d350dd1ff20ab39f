import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { LifoQueue } from "../src/lifo-queue.js";
import { Queue } from "../src/queue.js";
import { messages } from "./on-virtual-time.js";

test("gives the last item first, and is a queue otherwise", async () => {
  await messages(async () => {
    const queue = new LifoQueue<number>(2);
    expect(queue).toBeInstanceOf(Queue);
    queue.putNowait(1);
    queue.putNowait(2);
    expect(queue.full()).toBe(true);
    const third = createTask(() => queue.put(3));
    const taken = [await queue.get()];
    await third;
    taken.push(await queue.get(), await queue.get());
    expect([taken, queue.empty()]).toEqual([[2, 3, 1], true]);
  });
});

test("refuses what is no size", () => {
  expect(() => new LifoQueue(Number.NaN)).toThrow(ArgumentError);
});
