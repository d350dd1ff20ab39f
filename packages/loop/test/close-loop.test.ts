import { Trace, VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { EventLoop } from "../src/event-loop.js";
import { LoopClosedError } from "../src/loop-closed-error.js";
import { LoopRunningError } from "../src/loop-running-error.js";
import { sleep } from "../src/sleep.js";

function open(): { loop: EventLoop; host: VirtualHost; trace: Trace } {
  const host = new VirtualHost();
  const loop = new EventLoop({ host });
  loop.setExceptionHandler((_, { message, exception }) =>
    trace.log(`${message}: ${String(exception)}`),
  );
  const trace = new Trace(() => host.now());
  return { loop, host, trace };
}

test("runs what is ready once; a callback that queues itself does not keep it open (defect 8)", async () => {
  const { loop, trace } = open();
  const again = (): void => {
    trace.log("again");
    loop.callSoon(again);
  };
  loop.callSoon(again);
  loop.callSoon(() => trace.log("ready"));
  await loop.close();
  expect(trace.messages.slice(0, 2)).toEqual(["again", "ready"]);
  expect(trace.messages.length).toBeLessThan(5);
  expect(loop.isClosed()).toBe(true);
});

test("never fires its timers", async () => {
  const { loop, trace, host } = open();
  loop.callLater(0, trace.log, "timer");
  loop.callLater(10, trace.log, "timer");
  await loop.close();
  await new Promise<void>((resolve) => void host.at(100, resolve));
  expect(trace.messages).toEqual([]);
});

test("fails what still waits with LoopClosedError (defect 9)", async () => {
  const { loop, trace } = open();
  const future = loop.createFuture<void>("the reply");
  const task = loop.createTask(async function main() {
    try {
      await future;
    } catch (error) {
      trace.log(String(error).split("\n", 1)[0] ?? "");
    }
  });
  const outside = future.catch((error: unknown) => error);
  loop.callSoon(() => loop.stop());
  await loop.runForever();
  await loop.close();
  expect(await outside).toBeInstanceOf(LoopClosedError);
  expect(trace.messages).toEqual([
    "LoopClosedError: Cannot wait for the reply: the event loop is closed.",
  ]);
  expect(() => task.result()).toThrow("Cannot wait for task 'main': the event loop is closed.");
  expect(() => future.result()).toThrow(LoopClosedError);
});

test("gives up a task that waits for somebody else's promise", async () => {
  const { loop } = open();
  const task = loop.createTask(() => new Promise<void>(() => {}));
  loop.callSoon(() => loop.stop());
  await loop.runForever();
  await loop.close();
  expect(() => task.result()).toThrow(LoopClosedError);
});

test("a pending future that is awaited only after the close fails too", async () => {
  const { loop } = open();
  const future = loop.createFuture<void>();
  await loop.close();
  expect(future.done()).toBe(false);
  await expect(Promise.resolve(future)).rejects.toThrow(LoopClosedError);
  expect(future.done()).toBe(true);
});

test("reports failures that nobody has looked at (defect 12)", async () => {
  const { loop, trace } = open();
  const kept = loop.createTask(async function lost() {
    throw new Error("nobody looked");
  });
  await loop.runUntilComplete(() => sleep(0));
  expect(trace.messages).toEqual([]);
  await loop.close();
  expect(trace.messages).toEqual([
    "Nobody looked at the failure of task 'lost': Error: nobody looked",
  ]);
  expect(kept.done()).toBe(true);
});

test("takes nothing new afterwards", async () => {
  const { loop } = open();
  const done = loop.createFuture<void>();
  done.setResult();
  await loop.close();
  expect(() => loop.callSoon(() => {})).toThrow(LoopClosedError);
  expect(() => loop.callLater(1, () => {})).toThrow(LoopClosedError);
  expect(() => loop.createFuture()).toThrow(LoopClosedError);
  expect(() => loop.createTask(async () => {})).toThrow(LoopClosedError);
  expect(() => done.addDoneCallback(() => {})).toThrow(LoopClosedError);
  await expect(loop.runForever()).rejects.toThrow(LoopClosedError);
  await expect(loop.runUntilComplete(async () => {})).rejects.toThrow(LoopClosedError);
  expect(await done).toBeUndefined();
});

test("may be closed twice, and not while it runs", async () => {
  const { loop } = open();
  const running = loop.runForever();
  await expect(loop.close()).rejects.toThrow(LoopRunningError);
  loop.stop();
  await running;
  await Promise.all([loop.close(), loop.close()]);
  await loop.close();
  expect(loop.isClosed()).toBe(true);
});

test("leaves nothing in its host", async () => {
  const { loop, host } = open();
  void loop.createTask(() => new Promise<void>(() => {}));
  void loop.createTask(() => sleep(1000));
  loop.callSoon(() => loop.stop());
  await loop.runForever();
  await loop.close();
  expect(host.held).toEqual([]);
  const jumped = new Promise<void>((resolve) => void host.at(5, resolve));
  await jumped;
  expect(host.now()).toBe(5);
});

test("debug mode reports tasks that are pending, and where they were made", async () => {
  const { loop, trace } = open();
  loop.setDebug(true);
  loop.setExceptionHandler((_, { message, sourceStack, task }) =>
    trace.log(`${message} ${sourceStack?.includes("close-loop.test.ts")} ${task?.name}`),
  );
  void loop.createTask(async function stuck() {
    await new Promise(() => {});
  });
  loop.callSoon(() => loop.stop());
  await loop.runForever();
  await loop.close();
  expect(trace.messages).toEqual([
    "The event loop was closed while task 'stuck' was pending true stuck",
  ]);
});

test("takes no run from the moment on in which it is told to close", async () => {
  const { loop } = open();
  const closing = loop.close();
  await expect(loop.runForever()).rejects.toThrow(LoopClosedError);
  await expect(loop.runUntilComplete(async () => {})).rejects.toThrow(LoopClosedError);
  await closing;
  expect(loop.isClosed()).toBe(true);
});

test("closes, too, where something that was to end with it fails, and ends the rest", async () => {
  const { loop, trace } = open();
  loop.atClose(() => Promise.reject(new Error("stuck")));
  loop.atClose(async () => trace.log("ended"));
  await loop.close();
  expect(trace.messages).toEqual([
    "What was to end with the event loop failed: Error: stuck",
    "ended",
  ]);
  expect(loop.isClosed()).toBe(true);
});
