import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import type { Future } from "../src/future.js";
import { gather } from "../src/gather.js";
import { sleep } from "../src/sleep.js";
import type { Task } from "../src/task.js";
import { messages } from "./on-virtual-time.js";

const LONG = 5000;

/** A chain of tasks, each awaiting the next, the last one asleep; the first is the head. */
async function chain(length: number): Promise<{ readonly head: Task<unknown> }> {
  const link = async (below: Future<unknown>): Promise<void> => {
    await below;
  };
  let head = createTask<[], unknown>(() => sleep(1000));
  for (let links = 1; links < length; links++) head = createTask(link, head);
  await sleep(0);
  await sleep(0);
  return { head };
}

test("cancels a chain of tasks of any length from its head", async () => {
  await messages(async ({ loop }) => {
    const { head } = await chain(LONG);
    expect(head.cancel("enough")).toBe(true);
    await expect(Promise.resolve(head)).rejects.toMatchObject({ message: "enough" });
    expect(head.cancelled()).toBe(true);
    expect(loop.time()).toBe(0);
  });
});

test("reaches the leaves in the order of plain recursion", async () => {
  const log = await messages(async ({ log }) => {
    const leaf = async (name: string): Promise<void> => {
      await sleep(1000).finally(() => log(name));
    };
    const pair = async (one: string, two: string): Promise<void> => {
      await gather([() => leaf(one), () => leaf(two)], { returnErrors: true });
    };
    const tree = createTask(async () => {
      await gather([() => pair("a", "b"), () => leaf("c"), () => pair("d", "e")], {
        returnErrors: true,
      });
    });
    await sleep(1);
    tree.cancel();
    await tree.catch(() => {});
  });
  expect(log).toEqual(["a", "b", "c", "d", "e"]);
});

test("two tasks that wait for each other can be cancelled", async () => {
  const log = await messages(async ({ log }) => {
    const tasks: Task<unknown>[] = [];
    const waitFor = async (other: number, name: string): Promise<void> => {
      try {
        await tasks[other];
      } finally {
        log(`${name} ends`);
      }
    };
    tasks.push(createTask(waitFor, 1, "a"), createTask(waitFor, 0, "b"));
    await sleep(1);
    log(String(tasks[0]?.cancel()));
    await gather(tasks, { returnErrors: true });
    log(tasks.map((task) => String(task.cancelled())).join());
  });
  expect(log).toEqual(["true", "a ends", "b ends", "true,true"]);
});

test("so can a task that gathers itself, and a long circle", async () => {
  await messages(async () => {
    const own: Task<unknown>[] = [];
    own.push(createTask(() => gather([own[0] as Task<unknown>])));
    await sleep(1);
    own[0]?.cancel();
    await gather(own, { returnErrors: true });
    expect(own[0]?.cancelled()).toBe(true);

    const circle: Task<unknown>[] = [];
    for (let index = 0; index < LONG; index++) {
      circle.push(createTask(async () => circle[(index + 1) % LONG]));
    }
    await sleep(1);
    circle[5]?.cancel();
    await gather(circle, { returnErrors: true });
    expect(circle.every((task) => task.cancelled())).toBe(true);
  });
});

test("a task below two others is asked by both, and cancelled once", async () => {
  await messages(async () => {
    const below = createTask(() => sleep(1000));
    const wait = async (): Promise<void> => {
      await below;
    };
    const above = createTask(async () => {
      await gather([wait, wait], { returnErrors: true });
    });
    await sleep(1);
    above.cancel();
    await above.catch(() => {});
    expect([below.cancelled(), below.cancelling(), above.cancelling()]).toEqual([true, 2, 1]);
  });
});
