import { expect, test } from "vitest";
import { CancelledError } from "../src/cancelled-error.js";
import { createTask } from "../src/create-task.js";
import { gather } from "../src/gather.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { sleep } from "../src/sleep.js";
import { messages, traced } from "./on-virtual-time.js";

test("gives the results in the order of the work", async () => {
  await messages(async ({ loop }) => {
    const future = loop.createFuture<string>();
    loop.callLater(5, () => future.setResult("future"));
    const results = await gather([
      () => sleep(20, 1),
      future,
      Promise.resolve(true),
      async () => "async",
    ]);
    expect(results).toEqual([1, "future", true, "async"]);
    expect(loop.time()).toBe(20);
    expect(await gather([])).toEqual([]);
  });
});

test("throws the first error at once; the others go on", async () => {
  const log = await traced(async ({ log }) => {
    const slow = createTask(async () => {
      await sleep(20);
      log("the other ended");
    });
    const fails = async (): Promise<void> => {
      await sleep(10);
      throw new Error("first");
    };
    await gather([slow, fails]).catch((error: unknown) => log(String(error)));
    await slow;
  });
  expect(log).toEqual([
    [10, "Error: first"],
    [20, "the other ended"],
  ]);
});

test("with returnErrors, errors and cancellations stand among the results", async () => {
  await messages(async () => {
    const error = new Error("no");
    const cancelled = createTask(() => sleep(1000));
    const work = gather([() => Promise.reject(error), cancelled, () => sleep(5, "good")], {
      returnErrors: true,
    });
    await sleep(1);
    cancelled.cancel();
    const results: readonly unknown[] = await work;
    expect(results).toEqual([error, expect.any(CancelledError), "good"]);
  });
});

test("cancelling it cancels all, and it is done when they have ended", async () => {
  const log = await traced(async ({ log }) => {
    const linger = async (ms: number): Promise<void> => {
      try {
        await sleep(1000);
      } finally {
        await sleep(ms);
        log(`ended ${ms}`);
      }
    };
    const task = createTask(async () => {
      await gather([() => linger(5), () => linger(10)], { returnErrors: true });
    });
    await sleep(1);
    task.cancel();
    await task.catch((error: unknown) => log((error as Error).name));
    log(String(task.cancelled()));
  });
  expect(log).toEqual([
    [6, "ended 5"],
    [11, "ended 10"],
    [11, "CancelledError"],
    [11, "true"],
  ]);
});

test("stays cancelled where its work ends in another way (bpo-32684)", async () => {
  const log = await messages(async ({ log }) => {
    const stubborn = async (): Promise<string> => {
      await sleep(1000).catch(() => {});
      return "nevertheless";
    };
    const gathering = gather([stubborn], { returnErrors: true });
    await sleep(1);
    log(String(gathering.cancel()));
    await gathering.catch((error: unknown) => log((error as Error).name));
    log(`${gathering.cancelled()} ${gathering.cancel()}`);
  });
  expect(log).toEqual(["true", "CancelledError", "false false"]);
});

test("a piece that somebody else cancels fails it, and does not cancel it", async () => {
  const log = await messages(async ({ log }) => {
    const piece = createTask(() => sleep(1000));
    const other = createTask(() => sleep(10));
    const gathering = gather([piece, other]);
    await sleep(1);
    piece.cancel();
    await gathering.catch((error: unknown) => log((error as Error).name));
    log(`${gathering.cancelled()} ${other.cancelled()}`);
    await other;
  });
  expect(log).toEqual(["CancelledError", "false false"]);
});

test("one future given twice counts once, and stands twice among the results", async () => {
  await messages(async () => {
    const task = createTask(() => sleep(5, "once"));
    expect(await gather([task, task])).toEqual(["once", "once"]);
  });
});

test("errors after the first are taken as seen", async () => {
  const log = await messages(async ({ log, loop }) => {
    loop.setExceptionHandler((_, { message }) => log(message));
    const fails = async (ms: number): Promise<void> => {
      await sleep(ms);
      throw new Error(String(ms));
    };
    await gather([() => fails(1), () => fails(2)]).catch((error: unknown) => log(String(error)));
    await sleep(10);
  });
  expect(log).toEqual(["Error: 1"]);
});

test("what is no list of work is told how to write it", async () => {
  await messages(async () => {
    expect(() => gather(sleep(1) as never, sleep(2) as never)).toThrow(
      "Cannot gather a Future: a list is wanted.\nWrite 'gather([one, two])', with the options behind it.",
    );
  });
});

test("needs a loop", () => {
  expect(() => gather([])).toThrow(NoLoopError);
});

test("an abort cancels the work, and its reason is thrown when all has ended", async () => {
  const log = await traced(async ({ log }) => {
    const controller = new AbortController();
    const reason = new Error("the user left");
    const slow = async (): Promise<void> => {
      try {
        await sleep(1000);
      } finally {
        await sleep(5);
        log("cleaned up");
      }
    };
    const options = { signal: controller.signal, returnErrors: true };
    const gathering = gather([slow, () => sleep(1, "value")], options);
    await sleep(10);
    controller.abort(reason);
    await gathering.catch((error: unknown) => log(String(error === reason)));
  });
  expect(log).toEqual([
    [15, "cleaned up"],
    [15, "true"],
  ]);
});

test("without returnErrors the reason comes with the first that is cancelled", async () => {
  const log = await messages(async ({ log }) => {
    const controller = new AbortController();
    const work = async (): Promise<void> => {
      await sleep(1000).catch((error: unknown) => {
        log(String(error));
        throw error;
      });
    };
    const gathering = gather([work, work], controller);
    await sleep(0);
    await sleep(0);
    controller.abort("the user left");
    await gathering.catch((error: unknown) => log(String(error)));
  });
  expect(log).toEqual([
    "CancelledError: the user left",
    "CancelledError: the user left",
    "the user left",
  ]);
});

test("work under a signal that is aborted already is never started", async () => {
  const log = await messages(async ({ log }) => {
    const signal = AbortSignal.abort("before");
    const start = async (): Promise<void> => log("started");
    await gather([start, start], { signal }).catch((error: unknown) => log(String(error)));
    log(String(await gather([], { signal })));
  });
  expect(log).toEqual(["before", ""]);
});
