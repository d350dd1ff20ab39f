import { ArgumentError } from "@trestle/host";
import { lockBehaviours, VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { Condition } from "../src/condition.js";
import { createTask } from "../src/create-task.js";
import { EventLoop } from "../src/event-loop.js";
import { gather } from "../src/gather.js";
import { InvalidStateError } from "../src/invalid-state-error.js";
import { Lock } from "../src/lock.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { sleep } from "../src/sleep.js";
import { loopStage } from "./loop-stage.js";
import { messages, thrownBy, traced, type Stage } from "./on-virtual-time.js";

const locks = lockBehaviours(() => {
  const stage = loopStage();
  const condition = new Condition();
  return {
    stage,
    acquire: () => () => condition.acquire(),
    release: () => async () => condition.release(),
  };
});

describe("a condition is a lock", () => {
  for (const { title, run } of locks) test(title, run);
});

/** Waits for the condition, and logs how that ends. */
async function waiting(condition: Condition, name: string, log: Stage["log"]): Promise<void> {
  await condition.hold(async () => {
    try {
      await condition.wait();
      log(`${name} notified`);
    } catch (error) {
      log(`${name} cancelled, locked ${condition.locked()}`);
      throw error;
    }
  });
}

// The traces of these are CPython's.
test("wakes as many as are notified, in the order of their waiting, each with the lock", async () => {
  const log = await traced(async ({ log }) => {
    const condition = new Condition();
    const worker = (name: string): Promise<void> =>
      condition.hold(async () => {
        await condition.wait();
        log(`${name} notified`);
        await sleep(1);
        log(`${name} leaves`);
      });
    const tasks = ["a", "b", "c"].map((name) => createTask(worker, name));
    await sleep(10);
    await condition.hold(async () => {
      condition.notify(2);
      log("notified two");
      await sleep(5);
      log("releases");
    });
    await sleep(10);
    await condition.hold(async () => condition.notifyAll());
    await gather(tasks);
  });
  expect(log).toEqual([
    [10, "notified two"],
    [15, "releases"],
    [15, "a notified"],
    [16, "a leaves"],
    [16, "b notified"],
    [17, "b leaves"],
    [25, "c notified"],
    [26, "c leaves"],
  ]);
});

test("one who was notified and is cancelled hands the news on (gh-112202)", async () => {
  const log = await traced(async ({ log }) => {
    const condition = new Condition();
    const first = createTask(waiting, condition, "a", log);
    const second = createTask(waiting, condition, "b", log);
    await sleep(10);
    await condition.hold(async () => {
      condition.notify();
      first.cancel();
      await sleep(5);
      log("releases");
    });
    await second;
  });
  expect(log).toEqual([
    [15, "releases"],
    [15, "a cancelled, locked true"],
    [15, "b notified"],
  ]);
});

test("a wait that is cancelled takes the lock again, however often it is cancelled, and throws the last", async () => {
  const log = await traced(async ({ log }) => {
    const condition = new Condition();
    const task = createTask(() =>
      condition.hold(() =>
        condition.wait().catch((error: unknown) => {
          log(`${String(error)}, locked ${condition.locked()}`);
          throw error;
        }),
      ),
    );
    await sleep(10);
    await condition.acquire();
    for (const message of ["one", "two", "three"]) {
      task.cancel(message);
      await sleep(1);
    }
    log("releases");
    condition.release();
    await task.catch(() => {});
    log(`${task.cancelled()} ${condition.locked()}`);
  });
  expect(log).toEqual([
    [13, "releases"],
    [13, "CancelledError: three, locked true"],
    [13, "true false"],
  ]);
});

test("a wait that is cancelled wakes the next, who looks again: there may be news that it would have had", async () => {
  const log = await traced(async ({ log }) => {
    const condition = new Condition();
    const first = createTask(waiting, condition, "a", log);
    const second = createTask(waiting, condition, "b", log);
    await sleep(10);
    first.cancel();
    await sleep(10);
    await condition.hold(async () => condition.notify());
    await second;
  });
  expect(log).toEqual([
    [10, "a cancelled, locked true"],
    [10, "b notified"],
  ]);
});

test("waits for a predicate, and gives what it returned", async () => {
  const log = await traced(async ({ log }) => {
    const condition = new Condition();
    const jobs: string[] = [];
    let asked = 0;
    const worker = createTask(() =>
      condition.hold(async () => {
        const count = await condition.waitFor(() => {
          asked++;
          return jobs.length;
        });
        log(`${count} after ${asked}`);
        log(String(await condition.waitFor(() => true)));
      }),
    );
    for (let i = 0; i < 2; i++) {
      await sleep(10);
      await condition.hold(async () => {
        if (i === 1) jobs.push("a", "b");
        condition.notify();
      });
    }
    await worker;
  });
  expect(log).toEqual([
    [20, "2 after 3"],
    [20, "true"],
  ]);
});

test("a predicate that throws ends the wait with the lock held, and one that cannot answer is refused", async () => {
  await messages(async () => {
    const condition = new Condition();
    await condition.acquire();
    const failing = (): never => {
      throw new Error("no");
    };
    await expect(condition.waitFor(failing)).rejects.toThrow("no");
    for (const wrong of [async () => false, function* () {}, true, undefined])
      await expect(condition.waitFor(wrong as never)).rejects.toThrow(ArgumentError);
    expect(condition.locked()).toBe(true);
  });
});

test("several conditions may share a lock", async () => {
  const log = await messages(async ({ log }) => {
    const lock = new Lock();
    const [full, empty] = [new Condition(lock), new Condition(lock)];
    void createTask(waiting, full, "full", log);
    const other = createTask(waiting, empty, "empty", log);
    await sleep(10);
    await lock.hold(async () => empty.notifyAll());
    await other;
    log(`locked ${full.locked()}`);
  });
  expect(log).toEqual(["empty notified", "locked false", "full cancelled, locked true"]);
});

test("a signal ends the wait with its reason, when the lock is held again", async () => {
  const log = await traced(async ({ log }) => {
    const condition = new Condition();
    const controller = new AbortController();
    const task = createTask(() =>
      condition.hold(async () => {
        await condition
          .wait({ signal: controller.signal })
          .catch((error: unknown) => log(`${String(error)}, locked ${condition.locked()}`));
        await condition
          .waitFor(() => false, { signal: controller.signal })
          .catch((error: unknown) => log(`${String(error)}, locked ${condition.locked()}`));
      }),
    );
    await sleep(10);
    await condition.acquire();
    controller.abort("enough");
    await sleep(5);
    condition.release();
    await task;
  });
  expect(log).toEqual([
    [15, "enough, locked true"],
    [15, "enough, locked true"],
  ]);
});

test("what is waited for can be named, for the report of a deadlock", async () => {
  const waitForever = messages(async () => {
    const condition = new Condition();
    await condition.acquire();
    await condition.wait({ description: "the harvest" });
  });
  await expect(waitForever).rejects.toThrow("waits for the harvest");
});

test("waiting and notifying need the lock, and the wait needs a loop", async () => {
  const condition = new Condition();
  for (const notify of [() => condition.notify(), () => condition.notifyAll()]) {
    expect(thrownBy(notify)).toBeInstanceOf(InvalidStateError);
    expect((thrownBy(notify) as Error).message).toContain("nobody holds its lock");
  }
  await expect(condition.wait()).rejects.toThrow(NoLoopError);
  await messages(async () => {
    await expect(condition.wait()).rejects.toThrow(InvalidStateError);
    await expect(condition.waitFor(() => false)).rejects.toThrow(InvalidStateError);
    expect(() => condition.release()).toThrow(InvalidStateError);
  });
});

test("refuses counts and locks that are none", async () => {
  expect(() => new Condition({} as never)).toThrow(ArgumentError);
  expect(() => new Condition(null as never)).toThrow(ArgumentError);
  await messages(async () => {
    const condition = new Condition();
    await condition.acquire();
    for (const count of [-1, Number.NaN, "1" as never])
      expect(() => condition.notify(count)).toThrow(ArgumentError);
  });
});

test("where the loop is closed, those who wait fail for that", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const condition = new Condition();
  const left = loop.enter(() => condition.hold(() => condition.wait()));
  const failed = left.catch((error: unknown) => error);
  await loop.runUntilComplete(() => sleep(1));
  await loop.close();
  expect(await failed).toMatchObject({ code: "TRESTLE_LOOP_CLOSED" });
});
