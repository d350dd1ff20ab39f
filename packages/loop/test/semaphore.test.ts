import { ArgumentError } from "@trestle/host";
import { lockBehaviours } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { gather } from "../src/gather.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { Semaphore } from "../src/semaphore.js";
import { sleep } from "../src/sleep.js";
import { WrongLoopError } from "../src/wrong-loop-error.js";
import { loopStage } from "./loop-stage.js";
import { messages, traced } from "./on-virtual-time.js";

const locks = lockBehaviours(() => {
  const stage = loopStage();
  const semaphore = new Semaphore();
  return {
    stage,
    acquire: () => () => semaphore.acquire(),
    release: () => async () => semaphore.release(),
  };
});

describe("a semaphore of one is a lock", () => {
  for (const { title, run } of locks) test(title, run);
});

test("lets as many in as it has slots", async () => {
  const log = await traced(async ({ log }) => {
    const two = new Semaphore(2);
    const job = async (name: string): Promise<void> => {
      await two.hold(() => sleep(10));
      log(name);
    };
    await gather(["a", "b", "c", "d", "e"].map((name) => () => job(name)));
    log(`${two.value} ${two.locked()}`);
  });
  expect(log).toEqual([
    [10, "a"],
    [10, "b"],
    [20, "c"],
    [20, "d"],
    [30, "e"],
    [30, "2 false"],
  ]);
});

// The traces of the next four are CPython's (bpo-45997, gh-90155 and gh-111693).
test("a slot that was given back is promised: nobody overtakes", async () => {
  const log = await traced(async ({ log }) => {
    const semaphore = new Semaphore(1);
    await semaphore.acquire();
    const worker = async (name: string): Promise<void> => {
      await semaphore.acquire();
      log(`${name} ${semaphore.locked()}`);
      await sleep(1);
      semaphore.release();
    };
    const tasks = [createTask(worker, "a"), createTask(worker, "b")];
    await sleep(10);
    semaphore.release();
    log(`locked ${semaphore.locked()}`);
    tasks.push(createTask(worker, "c"));
    await gather(tasks);
  });
  expect(log).toEqual([
    [10, "locked true"],
    [10, "a true"],
    [11, "b true"],
    [12, "c true"],
  ]);
});

test("those who were woken and are cancelled hand their slots on", async () => {
  const log = await messages(async ({ log }) => {
    const semaphore = new Semaphore(0);
    const worker = async (name: string): Promise<void> => {
      try {
        await semaphore.acquire();
        log(`${name} in`);
      } catch (error) {
        log(`${name} cancelled`);
        throw error;
      }
    };
    const tasks = ["a", "b", "c", "d"].map((name) => createTask(worker, name));
    await sleep(10);
    semaphore.release();
    semaphore.release();
    tasks[0]?.cancel();
    tasks[1]?.cancel();
    for (let round = 1; round <= 3; round++) {
      await sleep(0);
      log(`round ${round} ${semaphore.value}`);
    }
    semaphore.release();
    log(`locked ${semaphore.locked()}`);
  });
  expect(log).toEqual([
    "a cancelled",
    "b cancelled",
    "round 1 0",
    "c in",
    "d in",
    "round 2 0",
    "round 3 0",
    "locked false",
  ]);
});

test("several slots at once wake several, also those who came while others were before them", async () => {
  const log = await messages(async ({ log }) => {
    const semaphore = new Semaphore(0);
    const worker = async (name: string): Promise<void> => {
      await semaphore.acquire();
      log(name);
    };
    void createTask(worker, "a");
    await sleep(10);
    for (let i = 0; i < 3; i++) semaphore.release();
    void createTask(worker, "b");
    void createTask(worker, "c");
    await sleep(0);
    await sleep(0);
    await sleep(0);
    log(`left ${semaphore.value}`);
  });
  expect(log).toEqual(["a", "b", "c", "left 0"]);
});

test("one who comes stands behind those who were woken, though there are slots for all", async () => {
  const log = await messages(async ({ log }) => {
    const semaphore = new Semaphore(0);
    void createTask(async () => {
      await semaphore.acquire();
      log("a");
    });
    await sleep(10);
    for (let i = 0; i < 3; i++) semaphore.release();
    log(`locked ${semaphore.locked()}`);
    await semaphore.acquire();
    log(`main, left ${semaphore.value}`);
  });
  expect(log).toEqual(["locked true", "a", "main, left 1"]);
});

test("of ten thousand who wait, and are cancelled or woken at once, each gets its due", async () => {
  await messages(async () => {
    const semaphore = new Semaphore(0);
    const tasks = Array.from({ length: 10_000 }, () => createTask(() => semaphore.acquire()));
    await sleep(1);
    for (const task of tasks.slice(0, 5000)) task.cancel();
    for (let i = 0; i < 5000; i++) semaphore.release();
    await sleep(1);
    expect(tasks.filter((task) => task.cancelled())).toHaveLength(5000);
    expect(tasks.every((task) => task.done())).toBe(true);
    expect(semaphore.value).toBe(0);
  });
});

test("a release without an acquire makes one slot more", async () => {
  await messages(async () => {
    const semaphore = new Semaphore(0);
    semaphore.release();
    using slot = await semaphore.acquire();
    expect(typeof slot).toBe("object");
    expect(semaphore.value).toBe(0);
  });
});

test("a signal ends the wait, and takes no slot with it", async () => {
  const log = await messages(async ({ log }) => {
    const semaphore = new Semaphore(0);
    const controller = new AbortController();
    const waiting = createTask(() => semaphore.acquire({ signal: controller.signal }));
    await sleep(1);
    controller.abort("enough");
    semaphore.release();
    await waiting.catch((error: unknown) => log(String(error)));
    log(String(semaphore.value));
  });
  expect(log).toEqual(["enough", "1"]);
});

test("it belongs to the loop of the first wait, and needs one", async () => {
  const semaphore = new Semaphore(0);
  await expect(semaphore.acquire()).rejects.toThrow(NoLoopError);
  const wait = async (): Promise<void> => {
    const waiting = createTask(() => semaphore.acquire());
    await sleep(1);
    semaphore.release();
    await waiting;
  };
  await messages(wait);
  await expect(messages(wait)).rejects.toThrow(WrongLoopError);
});

test("refuses what is no number of slots", () => {
  for (const value of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "1" as never])
    expect(() => new Semaphore(value)).toThrow(ArgumentError);
  expect(() => new Semaphore(-1)).toThrow("Cannot make a semaphore with -1 (number)");
});
