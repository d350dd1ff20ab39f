import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { CancelledError } from "../src/cancelled-error.js";
import { createTask } from "../src/create-task.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { sleep } from "../src/sleep.js";
import { messages, traced } from "./on-virtual-time.js";

test("sleeps for its time, and gives its value", async () => {
  const log = await traced(async ({ log }) => {
    await sleep(10);
    log(await sleep(5, "value"));
    log(await sleep(0, "at once"));
  });
  expect(log).toEqual([
    [15, "value"],
    [15, "at once"],
  ]);
});

test("a sleep of 0 lets everything run that is ready, once", async () => {
  const log = await messages(async ({ log, loop }) => {
    loop.callSoon(() => {
      log("ready");
      loop.callSoon(log, "made ready");
    });
    await sleep(0);
    log("awake");
    await sleep(0);
    log("awake again");
  });
  expect(log).toEqual(["ready", "awake", "made ready", "awake again"]);
});

test("a task that is cancelled in a sleep of 0 finds the error there", async () => {
  const log = await messages(async ({ log }) => {
    const task = createTask(async () => {
      await sleep(0).catch((error: unknown) => {
        log((error as Error).name);
        throw error;
      });
    });
    await sleep(0);
    task.cancel();
    await task.catch(() => {});
  });
  expect(log).toEqual(["CancelledError"]);
});

test("cancelling it, or its task, ends it and leaves no timer", async () => {
  const log = await traced(async ({ log }) => {
    const sleeping = sleep(1000);
    const task = createTask(() => sleep(2000));
    await sleep(1);
    log(`${sleeping.cancel("enough")} ${task.cancel()}`);
    await sleeping.catch((error: unknown) => log(String(error)));
    await task.catch((error: unknown) => log(String(error instanceof CancelledError)));
  });
  expect(log).toEqual([
    [1, "true true"],
    [1, "CancelledError: enough"],
    [1, "true"],
  ]);
});

test("many that sleep in one task wake each at its time, and are cancelled together", async () => {
  const log = await traced(async ({ log }) => {
    const nap = (ms: number): Promise<void> => sleep(ms).then(() => log(String(ms)));
    const task = createTask(async () => {
      await Promise.all([nap(20), nap(10), nap(1000)]);
    });
    await sleep(50);
    task.cancel();
    await task.catch((error: unknown) => log((error as Error).name));
  });
  expect(log).toEqual([
    [10, "10"],
    [20, "20"],
    [50, "CancelledError"],
  ]);
});

test("Infinity sleeps until it is cancelled", async () => {
  const log = await traced(async ({ log }) => {
    const forever = sleep(Number.POSITIVE_INFINITY);
    await sleep(1000);
    forever.cancel();
    log(forever.describe());
  });
  expect(log).toEqual([[1000, "a sleep of Infinity ms"]]);
});

test("refuses a negative or NaN time, and needs a loop", async () => {
  await messages(async () => {
    expect(() => sleep(-1)).toThrow(ArgumentError);
    expect(() => sleep(Number.NaN)).toThrow(
      "Cannot sleep for NaN (number) ms: a duration is a number, 0 or more.",
    );
  });
  expect(() => sleep(1)).toThrow(NoLoopError);
});

test("an abort ends it with the reason, and leaves no timer", async () => {
  const log = await traced(async ({ log }) => {
    const controller = new AbortController();
    const sleeping = sleep(1000, "value", controller);
    const short = sleep(1, "value", controller);
    log(await short);
    controller.abort(new Error("the user left"));
    await sleeping.catch((error: unknown) => log(String(error)));
    log(String(sleeping.cancelled()));
  });
  expect(log).toEqual([
    [1, "value"],
    [1, "Error: the user left"],
    [1, "false"],
  ]);
});

test("with a signal that is aborted already it ends at once, one of no length too", async () => {
  const log = await traced(async ({ log }) => {
    const signal = AbortSignal.abort("before");
    await sleep(1000, undefined, { signal }).catch((error: unknown) => log(String(error)));
    await sleep(0, undefined, { signal }).catch((error: unknown) => log(String(error)));
    log(await sleep(0, "in time", new AbortController()));
  });
  expect(log).toEqual([
    [0, "before"],
    [0, "before"],
    [0, "in time"],
  ]);
});

test("the signal of a task that is cancelled cancels it", async () => {
  await messages(async () => {
    const task = createTask(() => sleep(1000));
    const other = sleep(1000, undefined, { signal: task.signal });
    await sleep(0);
    task.cancel("enough");
    await expect(other).rejects.toThrow("enough");
    expect(other.cancelled()).toBe(true);
    await task.catch(() => {});
  });
});

test("refuses what is no AbortSignal", async () => {
  await messages(async () => {
    const signal = {} as AbortSignal;
    expect(() => sleep(1, undefined, { signal })).toThrow(ArgumentError);
    expect(() => sleep(1, undefined, { signal: null as never })).toThrow(ArgumentError);
  });
});
