import { getEventListeners } from "node:events";
import { ArgumentError } from "@trestle/host";
import { queueBehaviours } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { gather } from "../src/gather.js";
import { InvalidStateError } from "../src/invalid-state-error.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { QueueEmpty, QueueFull, QueueShutDown } from "../src/queue-errors.js";
import { Queue } from "../src/queue.js";
import { sleep } from "../src/sleep.js";
import { WrongLoopError } from "../src/wrong-loop-error.js";
import { loopStage } from "./loop-stage.js";
import { messages, traced, type Stage } from "./on-virtual-time.js";

const queues = queueBehaviours((capacity) => {
  const queue = new Queue<string>(capacity);
  return {
    stage: loopStage(),
    put: (item) => () => queue.put(item),
    take: (taken) => async () => taken(await queue.get()),
  };
});

describe("a queue", () => {
  for (const { title, run } of queues) test(title, run);
});

async function getting(queue: Queue<unknown>, name: string, log: Stage["log"]): Promise<void> {
  try {
    log(`${name} got ${String(await queue.get())}`);
  } catch (error) {
    log(`${name}: ${(error as Error).name}`);
  }
}

async function putting<T>(queue: Queue<T>, item: T, log: Stage["log"]): Promise<void> {
  try {
    await queue.put(item);
    log(`${String(item)} is in`);
  } catch (error) {
    log(`${String(item)}: ${(error as Error).name}`);
  }
}

async function rounds(queue: Queue<unknown>, count: number, log: Stage["log"]): Promise<void> {
  for (let round = 1; round <= count; round++) {
    await sleep(0);
    log(`round ${round}, ${queue.qsize()} in it`);
  }
}

// The traces of these are CPython's.
test("an item belongs to whoever takes it first; one who finds it gone waits again, behind all others", async () => {
  const log = await messages(async ({ log }) => {
    const queue = new Queue<number>();
    const tasks = ["a", "b"].map((name) => createTask(getting, queue, name, log));
    await sleep(10);
    queue.putNowait(1);
    log(`took ${queue.getNowait()}`);
    await rounds(queue, 2, log);
    queue.putNowait(2);
    queue.putNowait(3);
    await gather(tasks);
  });
  expect(log).toEqual(["took 1", "round 1, 0 in it", "round 2, 0 in it", "b got 2", "a got 3"]);
});

test("one who was woken and is cancelled before its turn wakes the next, getting and putting", async () => {
  const log = await messages(async ({ log }) => {
    const queue = new Queue<string>(1);
    const getters = ["a", "b"].map((name) => createTask(getting, queue, name, log));
    await sleep(10);
    queue.putNowait("item");
    getters[0]?.cancel();
    await rounds(queue, 3, log);
    await queue.put("full");
    const putters = ["c", "d"].map((item) => createTask(putting, queue, item, log));
    await sleep(10);
    log(queue.getNowait());
    putters[0]?.cancel();
    await rounds(queue, 3, log);
  });
  expect(log).toEqual([
    "a: CancelledError",
    "round 1, 1 in it",
    "b got item",
    "round 2, 0 in it",
    "round 3, 0 in it",
    "full",
    "c: CancelledError",
    "round 1, 0 in it",
    "d is in",
    "round 2, 1 in it",
    "round 3, 1 in it",
  ]);
});

test("shut down, it takes nothing and gives what is in it; those who wait are told", async () => {
  const log = await traced(async ({ log }) => {
    const queue = new Queue<string>(1);
    await queue.put("first");
    for (const item of ["second", "third"]) void createTask(putting, queue, item, log);
    await sleep(1);
    queue.shutdown();
    log("shut down");
    await sleep(1);
    await getting(queue, "a", log);
    await getting(queue, "b", log);
    await putting(queue, "late", log);
    const empty = new Queue();
    void createTask(getting, empty, "c", log);
    await sleep(1);
    empty.shutdown();
    empty.shutdown();
    await sleep(1);
  });
  expect(log).toEqual([
    [1, "shut down"],
    [1, "second: QueueShutDown"],
    [1, "third: QueueShutDown"],
    [2, "a got first"],
    [2, "b: QueueShutDown"],
    [2, "late: QueueShutDown"],
    [3, "c: QueueShutDown"],
  ]);
});

test("shut down at once, it loses what is in it, and that counts as done", async () => {
  const log = await traced(async ({ log }) => {
    const queue = new Queue<number>();
    queue.putNowait(1);
    queue.putNowait(2);
    const joining = createTask(async () => {
      await queue.join();
      log("joined");
    });
    await sleep(1);
    queue.shutdown({ immediate: true });
    log(`${queue.qsize()} in it`);
    await joining;
    expect(() => queue.getNowait()).toThrow(QueueShutDown);
    expect(() => queue.putNowait(3)).toThrow(QueueShutDown);
    expect(() => queue.taskDone()).toThrow(InvalidStateError);
  });
  expect(log).toEqual([
    [1, "0 in it"],
    [1, "joined"],
  ]);
});

test("shut down at once, work that was taken is still waited for", async () => {
  const log = await traced(async ({ log }) => {
    const queue = new Queue<number>();
    queue.putNowait(1);
    queue.putNowait(2);
    await queue.get();
    queue.shutdown({ immediate: true });
    const joining = createTask(() => queue.join());
    await sleep(5);
    log(`joined ${joining.done()}`);
    queue.taskDone();
    await joining;
    log("joined");
  });
  expect(log).toEqual([
    [5, "joined false"],
    [5, "joined"],
  ]);
});

test("join ends when each item has been worked on, and not before", async () => {
  const log = await traced(async ({ log }) => {
    const queue = new Queue<number>();
    await queue.join();
    const worker = createTask(async () => {
      for (;;) {
        const item = await queue.get();
        await sleep(item);
        log(`done ${item}`);
        queue.taskDone();
      }
    });
    for (const item of [10, 20]) await queue.put(item);
    const { signal } = new AbortController();
    const cancelled = createTask(() => queue.join({ signal }));
    await sleep(1);
    cancelled.cancel();
    await queue.join({ signal });
    log(`joined ${cancelled.cancelled()}, ${getEventListeners(signal, "abort").length} listeners`);
    worker.cancel();
    expect(() => queue.taskDone()).toThrow("Cannot end the work with an item");
  });
  expect(log).toEqual([
    [10, "done 10"],
    [30, "done 20"],
    [30, "joined true, 0 listeners"],
  ]);
});

test("iterating ends when it is shut down and empty; each item goes to one", async () => {
  const log = await traced(async ({ log }) => {
    const queue = new Queue<number>(2);
    const worker = async (name: string): Promise<void> => {
      for await (const item of queue) {
        log(`${name} ${item}`);
        await sleep(10);
      }
      log(`${name} ends`);
    };
    const workers = gather([() => worker("a"), () => worker("b")]);
    for (const item of [1, 2, 3, 4, 5]) await queue.put(item);
    queue.shutdown();
    await workers;
  });
  expect(log).toEqual([
    [0, "a 1"],
    [0, "b 2"],
    [10, "a 3"],
    [10, "b 4"],
    [20, "a 5"],
    [20, "b ends"],
    [30, "a ends"],
  ]);
});

test("leaving an iteration takes nothing more, and items of any kind are given, undefined too", async () => {
  await messages(async () => {
    const queue = new Queue<number | undefined>();
    for (const item of [undefined, 2, 3]) queue.putNowait(item);
    const seen: unknown[] = [];
    for await (const item of queue) {
      seen.push(item);
      if (item === 2) break;
    }
    expect([seen, queue.qsize()]).toEqual([[undefined, 2], 1]);
    const iterator = queue[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: 3 });
    await iterator.return?.();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });
});

test("an iteration that is cancelled takes nothing with it", async () => {
  await messages(async () => {
    const queue = new Queue<number>();
    const task = createTask(async () => {
      for await (const item of queue) throw new Error(`got ${item}`);
    });
    await sleep(1);
    task.cancel();
    queue.putNowait(1);
    await sleep(1);
    expect([task.cancelled(), queue.qsize()]).toEqual([true, 1]);
  });
});

test("tells how full it is, and the forms that never wait say what is in the way", async () => {
  const queue = new Queue<string>(2);
  expect([queue.maxsize, queue.qsize(), queue.empty(), queue.full()]).toEqual([2, 0, true, false]);
  expect(() => queue.getNowait()).toThrow(QueueEmpty);
  queue.putNowait("a");
  queue.putNowait("b");
  expect([queue.qsize(), queue.empty(), queue.full()]).toEqual([2, false, true]);
  expect(() => queue.putNowait("c")).toThrow(QueueFull);
  expect([queue.getNowait(), queue.getNowait()]).toEqual(["a", "b"]);
});

test.each([undefined, 0, -1, Number.POSITIVE_INFINITY])(
  "with room for %s it is never full",
  (maxsize) => {
    const queue = new Queue<number>(maxsize);
    for (let i = 0; i < 100; i++) queue.putNowait(i);
    expect(queue.full()).toBe(false);
  },
);

test("a signal ends getting, putting and joining with its reason, and nothing is lost", async () => {
  const log = await traced(async ({ log }) => {
    const queue = new Queue<string>(1);
    const controller = new AbortController();
    const { signal } = controller;
    const failed = (error: unknown): void => log(String(error));
    const getting = queue.get({ signal });
    await sleep(1);
    controller.abort("enough");
    await getting.catch(failed);
    await queue.put("item");
    const second = new AbortController();
    const putting = queue.put("never", { signal: second.signal });
    const joining = queue.join({ signal: second.signal });
    await sleep(1);
    second.abort("no more");
    await putting.catch(failed);
    await joining.catch(failed);
    await queue.get({ signal }).catch(failed);
    log(`${queue.qsize()} ${queue.getNowait()}`);
  });
  expect(log).toEqual([
    [1, "enough"],
    [2, "no more"],
    [2, "no more"],
    [2, "enough"],
    [2, "1 item"],
  ]);
});

test("a get that was begun without an await is in line, and one promise gives one item", async () => {
  await messages(async () => {
    const queue = new Queue<number>();
    const both = [queue.get(), queue.get()];
    queue.putNowait(1);
    queue.putNowait(2);
    expect(await Promise.all(both)).toEqual([1, 2]);
    expect([await both[0], await both[0]]).toEqual([1, 1]);
  });
});

test("its order is that of its store", async () => {
  const items = new Set<string>();
  const queue = new Queue<string>(0, {
    get size() {
      return items.size;
    },
    add: (item) => void items.add(item),
    take() {
      const [item = ""] = items;
      items.delete(item);
      return item;
    },
  });
  for (const item of ["a", "b", "a"]) queue.putNowait(item);
  expect([queue.qsize(), queue.getNowait(), queue.getNowait()]).toEqual([2, "a", "b"]);
});

test("it belongs to the loop of the first wait, and what waits needs one", async () => {
  const queue = new Queue<number>(1);
  for (const call of [() => queue.get(), () => queue.put(1), () => queue.join()])
    await expect(call()).rejects.toThrow(NoLoopError);
  expect(queue.empty()).toBe(true);
  const pass = async (): Promise<void> => {
    const getter = createTask(() => queue.get());
    await sleep(1);
    queue.putNowait(1);
    await getter;
  };
  await messages(pass);
  await expect(messages(pass)).rejects.toThrow(WrongLoopError);
});

test("refuses what is no size", () => {
  for (const maxsize of [1.5, Number.NaN, Number.NEGATIVE_INFINITY, "1" as never])
    expect(() => new Queue(maxsize)).toThrow(ArgumentError);
});

test("a deadlock tells what is waited for", async () => {
  await expect(messages(() => new Queue().get())).rejects.toThrow("waits for an item of a queue");
});
