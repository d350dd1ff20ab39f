// One of three tasks is cancelled in each iteration in turn, from the one before its beginning on. Whatever it
// held or was promised must be there for the others.
import { expect, test } from "vitest";
import { Condition, createTask, Lock, Queue, Semaphore, sleep } from "../../src/index.js";
import { messages } from "../on-virtual-time.js";

const ITERATIONS = 16;

/** Starts tasks, cancels the second in the given iteration, and waits until all have ended. */
async function cancelSecond(
  iteration: number,
  works: readonly (() => Promise<unknown>)[],
): Promise<void> {
  const tasks = works.map((work) => createTask(work));
  for (let i = 0; i < iteration; i++) await sleep(0);
  tasks[1]?.cancel();
  for (const task of tasks) await task.catch(() => {});
}

async function atEach(play: (iteration: number) => Promise<void>): Promise<void> {
  await messages(async () => {
    for (let iteration = 0; iteration < ITERATIONS; iteration++) await play(iteration);
  });
}

async function pauses(): Promise<void> {
  await sleep(0);
  await sleep(0);
}

test("a lock is free in the end, and held by one at a time", async () => {
  await atEach(async (iteration) => {
    const lock = new Lock();
    let inside = 0;
    const visit = (): Promise<void> =>
      lock.hold(async () => {
        expect(++inside).toBe(1);
        await pauses().finally(() => inside--);
      });
    await cancelSecond(iteration, [visit, visit, visit]);
    expect(lock.locked()).toBe(false);
  });
});

test("a semaphore has all its slots in the end", async () => {
  await atEach(async (iteration) => {
    const semaphore = new Semaphore(1);
    const visit = (): Promise<void> => semaphore.hold(pauses);
    await cancelSecond(iteration, [visit, visit, visit]);
    expect([semaphore.value, semaphore.locked()]).toEqual([1, false]);
  });
});

test("of two who wait for a condition one gets the news, and its lock is free in the end", async () => {
  await atEach(async (iteration) => {
    const condition = new Condition();
    let news = 0;
    let taken = 0;
    const notify = async (): Promise<void> => {
      await pauses();
      await condition.hold(async () => {
        news++;
        condition.notify();
        await pauses();
      });
    };
    const take = (): Promise<void> =>
      condition.hold(async () => {
        await condition.waitFor(() => news > 0);
        news--;
        taken++;
      });
    const other = createTask(take);
    await cancelSecond(iteration, [notify, take, pauses]);
    await sleep(1);
    expect([news, taken, condition.locked()]).toEqual([0, 1, false]);
    other.cancel();
  });
});

test("each item of a queue is taken once, and none that was not put in", async () => {
  await atEach(async (iteration) => {
    const queue = new Queue<string>(1);
    const put: string[] = [];
    const taken: string[] = [];
    const putting = (name: string) => async (): Promise<void> => {
      for (const item of [`${name}1`, `${name}2`]) {
        await queue.put(item);
        put.push(item);
      }
    };
    const taking = createTask(async () => {
      for await (const item of queue) {
        taken.push(item);
        await pauses();
      }
    });
    await cancelSecond(iteration, [putting("a"), putting("b"), putting("c")]);
    queue.shutdown();
    await taking;
    expect(taken.toSorted()).toEqual(put.toSorted());
  });
});

test("one who takes from a queue and is cancelled takes nothing with it", async () => {
  await atEach(async (iteration) => {
    const queue = new Queue<number>();
    const taken: number[] = [];
    const take = async (): Promise<void> => {
      for (let i = 0; i < 2; i++) {
        taken.push(await queue.get());
        await sleep(0);
      }
    };
    const put = async (): Promise<void> => {
      await sleep(0);
      for (let item = 0; item < 4; item++) await queue.put(item);
    };
    const drain = async (): Promise<void> => {
      await put();
      for await (const item of queue) taken.push(item);
    };
    void createTask(async () => {
      await sleep(1);
      queue.shutdown();
    });
    await cancelSecond(iteration, [take, take, drain]);
    expect(taken.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
  });
});
