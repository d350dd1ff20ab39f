import { WrongFlavorError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { CancelledError } from "../src/cancelled-error.js";
import { ensureFuture, isFuture } from "../src/ensure-future.js";
import { EventLoop } from "../src/event-loop.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { sleep } from "../src/sleep.js";
import { Task } from "../src/task.js";
import { WrongLoopError } from "../src/wrong-loop-error.js";
import { messages, traced } from "./on-virtual-time.js";

test("gives a Future back as it is", async () => {
  await messages(async ({ loop }) => {
    const future = loop.createFuture<void>();
    expect(ensureFuture(future)).toBe(future);
    future.cancel();
  });
});

test("runs a function as a task", async () => {
  await messages(async () => {
    const task = ensureFuture(async () => 42);
    expect(task).toBeInstanceOf(Task);
    expect(await task).toBe(42);
  });
});

test("follows a promise, with its value or its error", async () => {
  await messages(async () => {
    expect(await ensureFuture(Promise.resolve(42))).toBe(42);
    await expect(Promise.resolve(ensureFuture(Promise.reject(new Error("no"))))).rejects.toThrow(
      "no",
    );
  });
});

test("forgets a promise when it is cancelled, whatever becomes of that", async () => {
  await messages(async () => {
    let fail: (error: unknown) => void = () => {};
    const promise = new Promise<void>((_, reject) => (fail = reject));
    const future = ensureFuture(promise);
    expect(future.cancel()).toBe(true);
    fail(new Error("nobody looks"));
    await sleep(0);
    expect(() => future.result()).toThrow(CancelledError);
  });
});

test("virtual time does not run past a promise that is followed", async () => {
  const log = await traced(async ({ log, host }) => {
    const promise = new Promise<void>((resolve) => void setTimeout(resolve, 5));
    const future = ensureFuture(promise);
    log(host.held.join());
    sleep(1000).addDoneCallback(() => log("slept"));
    await future;
    log("followed");
    await sleep(1001);
  });
  expect(log).toEqual([
    [0, "a promise that the event loop follows"],
    [0, "followed"],
    [1000, "slept"],
  ]);
});

test("refuses a Future of another loop, and what cannot be awaited", async () => {
  const other = new EventLoop({ host: new VirtualHost() });
  await messages(async () => {
    expect(() => ensureFuture(other.createFuture())).toThrow(WrongLoopError);
    expect(() => ensureFuture(5 as never)).toThrow(WrongFlavorError);
    expect(() => ensureFuture(function* () {} as never)).toThrow("asLoop");
  });
  await other.close();
});

test("needs a loop", () => {
  expect(() => ensureFuture(async () => {})).toThrow(NoLoopError);
});

test("tells futures from other things, also those of another copy of the package", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  expect(isFuture(loop.createFuture())).toBe(true);
  expect(isFuture({ [Symbol.for("trestle.loop.core")]: () => {} })).toBe(true);
  for (const other of [undefined, null, 5, {}, Promise.resolve()])
    expect(isFuture(other)).toBe(false);
  await loop.close();
});
