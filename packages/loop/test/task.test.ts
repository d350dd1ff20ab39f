import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { WrongFlavorError } from "@trestle/host";
import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { currentTask } from "../src/current.js";
import { InvalidStateError } from "../src/invalid-state-error.js";
import { sleep } from "../src/sleep.js";
import type { Task } from "../src/task.js";
import { messages, traced } from "./on-virtual-time.js";

test("cancel throws CancelledError at the await, however deep, and finally blocks may wait", async () => {
  const log = await traced(async ({ log }) => {
    const deep = async (): Promise<void> => {
      try {
        await sleep(1000);
      } finally {
        await sleep(5);
        log("deep cleaned up");
      }
    };
    const middle = async (): Promise<void> => {
      await deep();
      log("not reached");
    };
    const task = createTask(() => middle());
    await sleep(1);
    log(String(task.cancel("enough")));
    log(`${task.done()} ${task.cancelled()}`);
    await task.catch((error: unknown) => log(String(error)));
    log(`${task.done()} ${task.cancelled()} ${task.cancel()}`);
  });
  expect(log).toEqual([
    [1, "true"],
    [1, "false false"],
    [6, "deep cleaned up"],
    [6, "CancelledError: enough"],
    [6, "true true false"],
  ]);
});

test("the error comes once for each call: a task may catch it and go on", async () => {
  const log = await traced(async ({ log }) => {
    const task = createTask(async () => {
      await sleep(1000).catch((error: unknown) => log(String(error)));
      await sleep(10);
      log("went on");
      await sleep(1000).catch((error: unknown) => log(String(error)));
      return "value";
    });
    await sleep(1);
    task.cancel("first");
    await sleep(20);
    task.cancel("second");
    log(await task);
    log(`${task.cancelled()} ${task.cancelling()}`);
  });
  expect(log).toEqual([
    [1, "CancelledError: first"],
    [11, "went on"],
    [21, "CancelledError: second"],
    [21, "value"],
    [21, "false 2"],
  ]);
});

test("requests are counted, and can be taken back down to none", async () => {
  await messages(async () => {
    const task = createTask(() => sleep(10));
    task.cancel();
    task.cancel();
    expect([task.cancelling(), task.uncancel(), task.uncancel(), task.uncancel()]).toEqual([
      2, 1, 0, 0,
    ]);
    await task.catch(() => {});
  });
});

test("a task that waits for another passes its cancellation on", async () => {
  const log = await messages(async ({ log }) => {
    const inner = createTask(() => sleep(1000));
    const outer = createTask(async () => {
      await inner;
    });
    await sleep(1);
    outer.cancel("through");
    await outer.catch((error: unknown) => log(String(error)));
    log(`${inner.cancelled()} ${outer.cancelled()}`);
  });
  expect(log).toEqual(["CancelledError: through", "true true"]);
});

test("a failure that is thrown while it unwinds wins over the cancellation", async () => {
  await messages(async () => {
    const task = createTask(async () => {
      try {
        await sleep(1000);
      } catch {
        throw new Error("cleanup failed");
      }
    });
    await sleep(1);
    task.cancel();
    await expect(Promise.resolve(task)).rejects.toThrow("cleanup failed");
    expect(task.cancelled()).toBe(false);
  });
});

test("its signal fires with the cancellation, with the CancelledError as the reason", async () => {
  const log = await messages(async ({ log }) => {
    const task = createTask(async () => {
      const { signal } = task as Task<unknown>;
      signal.addEventListener("abort", () => log(String(signal.reason)));
      await sleep(1000);
    });
    await sleep(1);
    task.cancel("enough");
    log("cancelled");
    await task.catch((error: unknown) => log(String(error)));
  });
  expect(log).toEqual(["CancelledError: enough", "cancelled", "CancelledError: enough"]);
});

test("Node's own calls stop by the signal", async () => {
  await messages(async () => {
    const calls: ((signal: AbortSignal) => Promise<unknown>)[] = [
      (signal) => delay(60_000, undefined, { signal }),
      (signal) => once(new EventTarget(), "never", { signal }),
    ];
    for (const call of calls) {
      const task = createTask(() => call((currentTask() as Task<unknown>).signal));
      await sleep(0);
      task.cancel("enough");
      const error: unknown = await task.catch((thrown: unknown) => thrown);
      expect(`${String(error)} ${task.cancelled()}`).toBe("CancelledError: enough true");
    }
  });
});

test("after a cancellation was thrown into the task, its signal is a fresh one", async () => {
  const log = await messages(async ({ log }) => {
    const task = createTask(async () => {
      const first = (task as Task<unknown>).signal;
      await sleep(1000).catch(() => {});
      const second = (task as Task<unknown>).signal;
      log(`${first.aborted} ${second.aborted} ${second === (task as Task<unknown>).signal}`);
    });
    await sleep(1);
    task.cancel();
    await task;
  });
  expect(log).toEqual(["true false true"]);
});

test("asked for after the request and before the error, the signal has fired", async () => {
  const log = await messages(async ({ log }) => {
    const task = createTask(async () => {
      task.cancel();
      log(String((task as Task<unknown>).signal.aborted));
    });
    await task.catch(() => {});
  });
  expect(log).toEqual(["true"]);
});

test("its result is its function's alone", async () => {
  await messages(async () => {
    const task = createTask(async function mine() {});
    expect(() => task.setResult()).toThrow(InvalidStateError);
    expect(() => task.setException()).toThrow(
      "Cannot set the exception of task 'mine': its function does.",
    );
    await task;
  });
});

test("has the name of its function, or another that somebody gives it", async () => {
  await messages(async () => {
    const task = createTask(async function reader() {});
    const nameless = createTask((() => async () => {})());
    expect([task.describe(), nameless.name]).toEqual(["task 'reader'", "task-3"]);
    task.name = "reader 7";
    expect(task.describe()).toBe("task 'reader 7'");
    await task;
    await nameless;
  });
});

test("refuses a structured function", async () => {
  await messages(async ({ loop }) => {
    expect(() => loop.createTask(function* walk() {} as never)).toThrow(WrongFlavorError);
  });
});
