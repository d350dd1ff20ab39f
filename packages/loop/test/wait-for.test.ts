import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { getRunningLoop } from "../src/current.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { sleep } from "../src/sleep.js";
import { TimeoutError } from "../src/timeout-error.js";
import { waitFor } from "../src/wait-for.js";
import { messages, traced } from "./on-virtual-time.js";

test("gives the value or the error of work that is done in time", async () => {
  const log = await traced(async ({ log }) => {
    log(await waitFor(() => sleep(10, "value"), 100));
    const error = new Error("no");
    await waitFor(() => Promise.reject(error), 100).catch((thrown: unknown) => log(String(thrown)));
    await sleep(500);
  });
  expect(log).toEqual([
    [10, "value"],
    [10, "Error: no"],
  ]);
});

test("cancels work that is late, waits until it has ended, and throws TimeoutError", async () => {
  const log = await traced(async ({ log }) => {
    const late = async (): Promise<void> => {
      try {
        await sleep(1000);
      } finally {
        await sleep(5);
        log("cleaned up");
      }
    };
    await waitFor(late, 10).catch((error: unknown) => {
      log(`${error instanceof TimeoutError} ${(error as Error).message.split("\n", 1)[0]}`);
    });
  });
  expect(log).toEqual([
    [15, "cleaned up"],
    [15, "true Cannot finish task 'late' in 10 ms: its time is over."],
  ]);
});

test("a value or an error of late work wins (bpo-40607)", async () => {
  const log = await messages(async ({ log }) => {
    const late = async (end: () => string): Promise<string> => {
      await sleep(1000).catch(() => {});
      return end();
    };
    log(await waitFor(() => late(() => "nevertheless"), 10));
    const fail = (): never => {
      throw new Error("own");
    };
    await waitFor(() => late(fail), 10).catch((error: unknown) => log(String(error)));
  });
  expect(log).toEqual(["nevertheless", "Error: own"]);
});

test("cancelling the caller cancels the work, and waits for it (bpo-32751)", async () => {
  const log = await traced(async ({ log }) => {
    const task = createTask(async () => {
      const work = async (): Promise<void> => {
        try {
          await sleep(1000);
        } finally {
          await sleep(5);
          log("cleaned up");
        }
      };
      await waitFor(work, 100);
    });
    await sleep(1);
    task.cancel("enough");
    await task.catch((error: unknown) => log(String(error)));
  });
  expect(log).toEqual([
    [6, "cleaned up"],
    [6, "CancelledError: enough"],
  ]);
});

test("with no time at all, work that is done is taken and other work cancelled", async () => {
  const log = await messages(async ({ log, loop }) => {
    const done = loop.createFuture<string>();
    done.setResult("done");
    log(await waitFor(done, 0));
    const pending = loop.createFuture<string>();
    await waitFor(pending, 0).catch((error: unknown) => log((error as Error).name));
    log(String(pending.cancelled()));
  });
  expect(log).toEqual(["done", "TimeoutError", "true"]);
});

test("refuses wrong times, and needs a loop", async () => {
  await messages(async () => {
    await expect(waitFor(() => sleep(1), -1)).rejects.toThrow(ArgumentError);
    await expect(waitFor(() => sleep(1), Number.NaN)).rejects.toThrow(ArgumentError);
  });
  await expect(waitFor(async () => {}, 1)).rejects.toThrow(NoLoopError);
});

test("an abort cancels the work, waits for its end, and throws the reason", async () => {
  const log = await traced(async ({ log }) => {
    const controller = new AbortController();
    const reason = new Error("the user left");
    const work = async (): Promise<void> => {
      try {
        await sleep(1000);
      } catch (error) {
        log(String(error));
        await sleep(5);
        throw error;
      }
    };
    getRunningLoop().callLater(10, () => controller.abort(reason));
    await waitFor(work, 100, controller).catch((error: unknown) => log(String(error === reason)));
  });
  expect(log).toEqual([
    [10, "CancelledError: the user left"],
    [15, "true"],
  ]);
});

test("what the work then comes to wins over the reason, and an abort that comes too late does nothing", async () => {
  const log = await messages(async ({ log }) => {
    const controller = new AbortController();
    getRunningLoop().callLater(10, () => controller.abort());
    const stubborn = async (): Promise<string> => {
      await sleep(1000).catch(() => {});
      return "value";
    };
    log(await waitFor(stubborn, 100, controller));
    const late = new AbortController();
    log(await waitFor(() => sleep(1, "in time"), 100, late));
    late.abort();
  });
  expect(log).toEqual(["value", "in time"]);
});

test("work under a signal that is aborted already is never started", async () => {
  const log = await messages(async ({ log }) => {
    const signal = AbortSignal.abort("before");
    for (const ms of [0, 100]) {
      await waitFor(async () => log("started"), ms, { signal }).catch((error: unknown) =>
        log(String(error)),
      );
    }
  });
  expect(log).toEqual(["before", "before"]);
});
