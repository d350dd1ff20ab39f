import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { lockBehaviours, VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { CancelledError } from "../src/cancelled-error.js";
import { createTask } from "../src/create-task.js";
import { EventLoop } from "../src/event-loop.js";
import { InvalidStateError } from "../src/invalid-state-error.js";
import { Lock } from "../src/lock.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { sleep } from "../src/sleep.js";
import { WrongLoopError } from "../src/wrong-loop-error.js";
import { loopStage } from "./loop-stage.js";
import { messages, thrownBy, traced, type Stage } from "./on-virtual-time.js";

const locks = lockBehaviours(() => {
  const stage = loopStage();
  const lock = new Lock();
  return { stage, acquire: () => () => lock.acquire(), release: () => async () => lock.release() };
});

describe("a lock", () => {
  for (const { title, run } of locks) test(title, run);
});

/** Visits the lock, and logs whether it came in. */
async function visit(lock: Lock, name: string, log: Stage["log"]): Promise<void> {
  try {
    await lock.hold(async () => log(`${name} in`));
  } catch (error) {
    log(`${name} cancelled`);
    throw error;
  }
}

async function rounds(count: number, log: (round: string) => void): Promise<void> {
  for (let round = 1; round <= count; round++) {
    await sleep(0);
    log(`round ${round}`);
  }
}

// The traces of these two are CPython's.
test("one who was cancelled and is first in line wakes the next when it has its turn", async () => {
  const log = await messages(async ({ log }) => {
    const lock = new Lock();
    await lock.acquire();
    const first = createTask(visit, lock, "a", log);
    void createTask(visit, lock, "b", log);
    await sleep(10);
    first.cancel();
    lock.release();
    void createTask(async () => {
      log(`locked ${lock.locked()}`);
      await visit(lock, "late", log);
    });
    await rounds(3, log);
  });
  expect(log).toEqual([
    "a cancelled",
    "locked false",
    "round 1",
    "b in",
    "round 2",
    "late in",
    "round 3",
  ]);
});

test("one who was woken and is cancelled before its turn wakes the next", async () => {
  const log = await messages(async ({ log }) => {
    const lock = new Lock();
    await lock.acquire();
    const first = createTask(visit, lock, "a", log);
    void createTask(visit, lock, "b", log);
    await sleep(10);
    lock.release();
    first.cancel();
    await rounds(3, log);
  });
  expect(log).toEqual(["a cancelled", "round 1", "b in", "round 2", "round 3"]);
});

test("one may overtake those who were all cancelled, and nobody else", async () => {
  const log = await messages(async ({ log }) => {
    const lock = new Lock();
    await lock.acquire();
    const waiting = createTask(visit, lock, "a", log);
    await sleep(10);
    waiting.cancel();
    lock.release();
    await lock.acquire();
    log("overtaken");
    await sleep(10);
    void createTask(visit, lock, "b", log);
    await sleep(10);
    lock.release();
    await lock.acquire();
    log("after b");
  });
  expect(log).toEqual(["overtaken", "a cancelled", "b in", "after b"]);
});

test("where it is free it is taken at once, in no iteration", async () => {
  const log = await messages(async ({ log, loop }) => {
    const lock = new Lock();
    loop.callSoon(() => log("an iteration later"));
    await lock.acquire();
    log(`locked ${lock.locked()}`);
    lock.release();
    log(`locked ${lock.locked()}`);
    await sleep(0);
  });
  expect(log).toEqual(["locked true", "locked false", "an iteration later"]);
});

test("it is released when the body fails, and when the task is cancelled in it", async () => {
  const log = await messages(async ({ log }) => {
    const lock = new Lock();
    const fail = async (): Promise<void> => {
      throw new Error("in the body");
    };
    await lock.hold(fail).catch((error: unknown) => log(String(error)));
    log(`locked ${lock.locked()}`);
    const task = createTask(() => lock.hold(() => sleep(1000)));
    await sleep(10);
    task.cancel();
    await expect(task).rejects.toThrow(CancelledError);
    log(`locked ${lock.locked()}`);
    log(await lock.hold(async () => "value"));
  });
  expect(log).toEqual(["Error: in the body", "locked false", "locked false", "value"]);
});

test("a body that released by itself does not hide its own error", async () => {
  await messages(async () => {
    const lock = new Lock();
    const body = async (): Promise<void> => {
      lock.release();
      throw new Error("the body's");
    };
    await expect(lock.hold(body)).rejects.toThrow("the body's");
    await expect(lock.hold(async () => lock.release())).rejects.toThrow(InvalidStateError);
  });
});

test("'await using' holds it to the end of a block, whatever ends that", async () => {
  const log = await messages(async ({ log }) => {
    const lock = new Lock();
    const block = async (): Promise<void> => {
      await using held = await lock.acquire();
      log(`${typeof held} ${lock.locked()}`);
      throw new Error("out");
    };
    await block().catch((error: unknown) => log(String(error)));
    log(`locked ${lock.locked()}`);
    {
      using held = await lock.acquire();
      log(`${typeof held} ${lock.locked()}`);
    }
    log(`locked ${lock.locked()}`);
  });
  expect(log).toEqual(["object true", "Error: out", "locked false", "object true", "locked false"]);
});

test("what acquire gives releases once", async () => {
  await messages(async () => {
    const lock = new Lock();
    const held = await lock.acquire();
    held[Symbol.dispose]();
    await lock.acquire();
    held[Symbol.dispose]();
    await held[Symbol.asyncDispose]();
    expect(lock.locked()).toBe(true);
  });
});

test("a signal ends the wait with its reason, and the lock goes on to the next", async () => {
  const log = await traced(async ({ log, loop }) => {
    const lock = new Lock();
    const controller = new AbortController();
    const reason = new Error("too long");
    await lock.acquire();
    const impatient = createTask(() => lock.acquire({ signal: controller.signal }));
    void createTask(visit, lock, "patient", log);
    loop.callLater(5, () => controller.abort(reason));
    await impatient.catch((error: unknown) => log(`${error === reason}`));
    lock.release();
    await sleep(1);
    const late = lock.acquire({ signal: controller.signal });
    await late.catch((error: unknown) => log(`${error === reason} ${lock.locked()}`));
  });
  expect(log).toEqual([
    [5, "true"],
    [5, "patient in"],
    [6, "true false"],
  ]);
});

test("a signal that fires when the lock is there comes too late", async () => {
  const log = await messages(async ({ log }) => {
    const lock = new Lock();
    const controller = new AbortController();
    await lock.acquire();
    const task = createTask(() => lock.acquire({ signal: controller.signal }));
    await sleep(10);
    lock.release();
    controller.abort();
    await task;
    log(`locked ${lock.locked()}`);
  });
  expect(log).toEqual(["locked true"]);
});

test("nobody can release it where nobody holds it", () => {
  const error = thrownBy(() => new Lock().release());
  expect(error).toBeInstanceOf(InvalidStateError);
  expect((error as Error).message).toContain("Cannot release the lock: nobody holds it.");
});

test("it belongs to the loop of the first wait", async () => {
  const lock = new Lock();
  await messages(async () => {
    await lock.acquire();
    const waiting = createTask(() => lock.acquire());
    await sleep(1);
    lock.release();
    await waiting;
    lock.release();
  });
  await messages(async () => {
    // As in asyncio, only a wait finds out.
    await lock.acquire();
    await expect(lock.acquire()).rejects.toThrow(WrongLoopError);
    await expect(lock.acquire()).rejects.toThrow("Make one for each loop");
    lock.release();
  });
});

test("acquiring needs a loop, a signal must be one, and a body is no generator function", async () => {
  const lock = new Lock();
  await expect(lock.acquire()).rejects.toThrow(NoLoopError);
  await messages(async () => {
    await expect(lock.acquire({ signal: "no" as never })).rejects.toThrow(ArgumentError);
    await expect(lock.hold(function* () {} as never)).rejects.toThrow(WrongFlavorError);
    expect(lock.locked()).toBe(false);
  });
});

test("where the loop is closed, those who wait fail", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const lock = new Lock();
  const left = loop.enter(async () => {
    await lock.acquire();
    await lock.acquire();
  });
  const failed = left.catch((error: unknown) => error);
  await loop.runUntilComplete(() => sleep(1));
  await loop.close();
  expect(await failed).toMatchObject({ code: "TRESTLE_LOOP_CLOSED" });
});
