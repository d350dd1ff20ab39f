import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { getEventListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { CancelledError } from "../src/cancelled-error.js";
import { createTask } from "../src/create-task.js";
import { currentSignal } from "../src/current-signal.js";
import { currentTask, getRunningLoop } from "../src/current.js";
import { EventLoop } from "../src/event-loop.js";
import { InvalidStateError } from "../src/invalid-state-error.js";
import { NoTaskError } from "../src/no-task-error.js";
import { run } from "../src/run.js";
import { sleep } from "../src/sleep.js";
import { TimeoutError } from "../src/timeout-error.js";
import { timeout, timeoutAt, type Timeout } from "../src/timeout.js";
import { messages, traced } from "./on-virtual-time.js";

test("gives what the block returns, where that is in time", async () => {
  const log = await traced(async ({ log }) => {
    log(await timeout(100, () => sleep(10, "value")));
    log(await timeout(undefined, () => sleep(1000, "no deadline")));
    await sleep(200);
    log(`cancelling ${currentTask()?.cancelling()}`);
  });
  expect(log).toEqual([
    [10, "value"],
    [1010, "no deadline"],
    [1210, "cancelling 0"],
  ]);
});

test("cancels the block at its deadline, waits for its cleanup, and throws TimeoutError", async () => {
  const log = await traced(async ({ log }) => {
    const slow = async (): Promise<void> => {
      try {
        await sleep(1000);
      } finally {
        await sleep(5);
        log("cleaned up");
      }
    };
    await timeout(10, slow).catch((error: unknown) => {
      log(`${error instanceof TimeoutError} ${(error as Error).cause instanceof CancelledError}`);
    });
    await sleep(10);
    log(`cancelling ${currentTask()?.cancelling()}`);
  });
  expect(log).toEqual([
    [15, "cleaned up"],
    [15, "true true"],
    [25, "cancelling 0"],
  ]);
});

test("a value or an error of the block wins over the deadline", async () => {
  const log = await messages(async ({ log }) => {
    const swallow = async (): Promise<string> => {
      await sleep(1000).catch(() => {});
      return "nevertheless";
    };
    log(await timeout(10, swallow));
    const fail = async (): Promise<void> => {
      await sleep(1000).catch(() => {});
      throw new Error("own");
    };
    await timeout(10, fail).catch((error: unknown) => log(String(error)));
  });
  expect(log).toEqual(["nevertheless", "Error: own"]);
});

test("where somebody else cancels as well, CancelledError goes on", async () => {
  const log = await messages(async ({ log }) => {
    const task = createTask(async () => {
      await timeout(10, async () => {
        try {
          await sleep(1000);
        } finally {
          await sleep(10);
        }
      });
    });
    await sleep(15);
    task.cancel("from outside");
    await task.catch((error: unknown) => log(String(error)));
  });
  expect(log).toEqual(["CancelledError: from outside"]);
});

test("the outer of two deadlines counts where it comes first, and the inner where that does", async () => {
  const log = await traced(async ({ log }) => {
    const say = (name: string) => (error: unknown) => {
      log(`${name} ${(error as Error).name}`);
      throw error;
    };
    await timeout(10, () => timeout(100, () => sleep(1000)).catch(say("inner")))
      .catch(say("outer"))
      .catch(() => {});
    await timeout(100, () => timeout(10, () => sleep(1000)).catch(say("inner")))
      .catch(say("outer"))
      .catch(() => {});
  });
  expect(log).toEqual([
    [10, "inner CancelledError"],
    [10, "outer TimeoutError"],
    [20, "inner TimeoutError"],
    [20, "outer TimeoutError"],
  ]);
});

test("its deadline can be moved and taken away while the block runs", async () => {
  const log = await traced(async ({ log, loop }) => {
    const scopes: Timeout[] = [];
    await timeout(10, async (scope) => {
      scopes.push(scope);
      await sleep(5);
      scope.reschedule(loop.time() + 10);
      await sleep(8);
      scope.reschedule(undefined);
      await sleep(100);
      log(`${scope.when} ${scope.expired}`);
      scope.reschedule(loop.time() - 1);
      await sleep(100);
    }).catch((error: unknown) => log((error as Error).name));
    log(`${scopes[0]?.expired}`);
    expect(() => scopes[0]?.reschedule(5)).toThrow(InvalidStateError);
    expect(() => scopes[0]?.reschedule(5)).toThrow("it is expired");
  });
  expect(log).toEqual([
    [113, "undefined false"],
    [113, "TimeoutError"],
    [113, "true"],
  ]);
});

test("a deadline that has passed cancels the block at its first wait", async () => {
  const log = await traced(async ({ log, loop }) => {
    await sleep(10);
    await timeoutAt(loop.time() - 5, async () => {
      log("begun");
      await sleep(5);
      log("not reached");
    }).catch((error: unknown) => log((error as Error).name));
  });
  expect(log).toEqual([
    [10, "begun"],
    [10, "TimeoutError"],
  ]);
});

test("refuses wrong times, and needs a task", async () => {
  await messages(async () => {
    await expect(timeout(-1, async () => {})).rejects.toThrow(ArgumentError);
    await expect(timeout(Number.NaN, async () => {})).rejects.toThrow(ArgumentError);
    await expect(timeoutAt(Number.NaN, async () => {})).rejects.toThrow(ArgumentError);
  });
  const loop = new EventLoop({ host: new VirtualHost() });
  await expect(loop.enter(() => timeout(1, async () => {}))).rejects.toThrow(NoTaskError);
  await loop.close();
});

test("an abort cancels the block, and its reason is thrown", async () => {
  const log = await traced(async ({ log, loop }) => {
    const controller = new AbortController();
    const reason = new Error("the user left");
    loop.callLater(10, () => controller.abort(reason));
    const block = async (): Promise<void> => {
      await sleep(1000).catch((error: unknown) => {
        log(String(error));
        throw error;
      });
    };
    await timeout(100, block, controller).catch((error: unknown) => log(String(error === reason)));
    log(`${currentTask()?.cancelling()} ${getEventListeners(controller.signal, "abort").length}`);
    await sleep(200);
  });
  expect(log).toEqual([
    [10, "CancelledError: the user left"],
    [10, "true"],
    [10, "0 0"],
  ]);
});

test("an abort after the deadline does nothing, and a deadline after an abort neither", async () => {
  await messages(async () => {
    const controller = new AbortController();
    const block = async (given: Timeout): Promise<void> => {
      await sleep(1000).catch(() => {});
      controller.abort("late");
      expect(() => given.reschedule(5)).toThrow(InvalidStateError);
      await sleep(5);
      throw new CancelledError();
    };
    await expect(timeout(10, block, controller)).rejects.toThrow(TimeoutError);
    const aborted = new AbortController();
    getRunningLoop().callLater(5, () => aborted.abort("first"));
    const unwinding = async (): Promise<void> => {
      try {
        await sleep(1000);
      } finally {
        await sleep(50);
      }
    };
    await expect(timeout(10, unwinding, aborted)).rejects.toBe("first");
  });
});

test("a block under a signal that is aborted already does not run", async () => {
  const log = await messages(async ({ log }) => {
    const signal = AbortSignal.abort("before");
    await timeout(10, async () => log("runs"), { signal }).catch((error: unknown) =>
      log(String(error)),
    );
  });
  expect(log).toEqual(["before"]);
});

test("the AbortError of a call that had the task's signal is the timeout's", async () => {
  await run(async () => {
    const waiting = timeout(1, () => delay(60_000, undefined, { signal: currentSignal() }));
    await expect(waiting).rejects.toThrow(TimeoutError);
  });
});

test("a body of the structured flavor is refused, whether it is seen before or after the call", async () => {
  await run(async () => {
    const body = function* (): Generator<never, void> {};
    const refused = await Promise.allSettled([
      timeout(10, body as never),
      timeoutAt(10, body as never),
      timeout(10, (() => body()) as never),
      timeout(10, undefined as never),
    ]);
    expect(refused.map((end) => end.status === "rejected" && end.reason)).toEqual(
      refused.map(() => expect.any(WrongFlavorError)),
    );
  });
});
