import { AsyncLocalStorage, type AsyncResource } from "node:async_hooks";
import { expect, test } from "vitest";
import type { ContextCallee } from "../src/context-call.js";
import { currentTask, getRunningLoop } from "../src/current.js";
import { EventLoop } from "../src/event-loop.js";
import { LoopClosedError } from "../src/loop-closed-error.js";
import { sleep } from "../src/sleep.js";

/** A loop as another runtime has it. */
class OtherLoop extends EventLoop {
  start(callee: ContextCallee): void {
    this.startSoon(callee);
  }
}

test("starts in the next iteration, in no task, in a context of its own that is a copy of the caller's", async () => {
  const loop = new OtherLoop();
  const storage = new AsyncLocalStorage<string>();
  const log: string[] = [];
  await loop.runUntilComplete(async () => {
    let kept: AsyncResource | undefined;
    const start = (context: AsyncResource): void => {
      kept = context;
      log.push("started");
    };
    storage.run("caller", () => loop.start({ start }));
    log.push(`queued by ${currentTask()?.describe()}`);
    await sleep(0);
    kept?.runInAsyncScope(() => {
      log.push(`${storage.getStore()} ${currentTask()?.name} ${getRunningLoop() === loop}`);
    });
  });
  storage.disable();
  await loop.close();
  expect(log).toEqual(["queued by task 'task-1'", "started", "caller undefined true"]);
});

test("a failure of it goes to the exception handler", async () => {
  const loop = new OtherLoop();
  const log: string[] = [];
  loop.setExceptionHandler((_, { message, exception }) =>
    log.push(`${message}: ${String(exception)}`),
  );
  await loop.runUntilComplete(async () => {
    loop.start({
      start: () => {
        throw new Error("oops");
      },
    });
    await sleep(0);
  });
  await loop.close();
  expect(log).toEqual(["A call of another runtime failed: Error: oops"]);
});

test("a loop that has closed refuses it", async () => {
  const loop = new OtherLoop();
  await loop.close();
  expect(() => loop.start({ start: () => {} })).toThrow(LoopClosedError);
});
