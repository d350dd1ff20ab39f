import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { VirtualHost } from "@trestle/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { createTask } from "../src/create-task.js";
import {
  currentLoop,
  currentPlace,
  currentRun,
  currentTask,
  getRunningLoop,
  requireTask,
  setRunningLoop,
  useAsyncContext,
  withoutCurrentTask,
} from "../src/current.js";
import { EventLoop } from "../src/event-loop.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { NoTaskError } from "../src/no-task-error.js";
import { run } from "../src/run.js";
import { sleep } from "../src/sleep.js";
import { messages } from "./on-virtual-time.js";

test("names the task at any depth, across awaits of every kind", async () => {
  const log = await messages(async ({ log }) => {
    const say = (where: string): void => log(`${where}: ${currentTask()?.name}`);
    const deep = async (levels: number): Promise<void> => {
      if (levels > 0) return deep(levels - 1);
      await sleep(1);
      say("deep");
    };
    const work = async (): Promise<void> => {
      say("start");
      await deep(5);
      await Promise.all([deep(2), deep(3)]);
      await new Promise((resolve) => void setTimeout(resolve, 1));
      say("after a promise of Node's");
    };
    const task = createTask(async function worker() {
      await work();
    });
    await task;
    say("main");
  });
  expect(log).toEqual([
    "start: worker",
    "deep: worker",
    "deep: worker",
    "deep: worker",
    "after a promise of Node's: worker",
    "main: main",
  ]);
});

test("two tasks never see each other, however they alternate", async () => {
  const log = await messages(async ({ log }) => {
    const alternate = async (): Promise<void> => {
      for (let step = 0; step < 3; step++) {
        log(currentTask()?.name ?? "none");
        await sleep(0);
      }
    };
    const a = createTask(alternate);
    const b = createTask(alternate);
    a.name = "a";
    b.name = "b";
    await a;
    await b;
  });
  expect(log).toEqual(["a", "b", "a", "b", "a", "b"]);
});

test("callbacks have a loop and no task, whoever asked for them", async () => {
  const log = await messages(async ({ log, loop }) => {
    const say = (where: string): void =>
      log(`${where}: ${currentTask()?.name} ${currentLoop() === loop}`);
    const future = loop.createFuture<void>();
    loop.callSoon(say, "callSoon");
    loop.callLater(1, say, "callLater");
    future.addDoneCallback(() => say("done-callback"));
    future.setResult();
    await sleep(2);
  });
  expect(log).toEqual([
    "callSoon: undefined true",
    "done-callback: undefined true",
    "callLater: undefined true",
  ]);
});

test("there is nothing outside of loops", () => {
  expect([currentTask(), currentLoop(), currentPlace(), currentRun()]).toEqual(
    Array.from({ length: 4 }, () => undefined),
  );
  expect(() => getRunningLoop()).toThrow(NoLoopError);
  expect(() => getRunningLoop()).toThrow(
    "Cannot get the running event loop: no event loop is running here.",
  );
  expect(() => requireTask("set a timeout")).toThrow(NoLoopError);
});

test("what needs a task says so in a callback", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  expect(() => loop.enter(requireTask, "set a timeout")).toThrow(NoTaskError);
  await loop.close();
});

test("without the current task, awaits are not the task's and cancelling it leaves them alone", async () => {
  const log = await messages(async ({ log, loop }) => {
    const left: Promise<void>[] = [];
    const task = createTask(async () => {
      withoutCurrentTask((name: string) => {
        log(`${name}: ${currentTask()?.name} ${currentLoop() === loop}`);
        left.push(sleep(5).then(() => log("slept")));
      }, "inside");
      log(`outside: ${currentTask() === task}`);
      await sleep(100);
    });
    await sleep(1);
    task.cancel();
    await sleep(10);
    await Promise.all(left);
  });
  expect(log).toEqual(["inside: undefined true", "outside: true", "slept"]);
});

test("a running loop that was set is that of what follows and of what it sets off, in no task", async () => {
  const host = new VirtualHost();
  const log: string[] = [];
  const loop = new EventLoop({ host });
  await run(
    async () => {
      const outer = getRunningLoop();
      const own = currentTask();
      const where = (): string =>
        `${currentLoop() === loop ? "set" : currentLoop() === outer ? "outer" : "none"} ${currentTask()?.name}`;
      const takeBack = setRunningLoop(loop);
      log.push(where());
      const later = (async () => {
        await Promise.resolve();
        log.push(`later: ${where()}`);
      })();
      takeBack();
      log.push(where());
      await later;
      expect(currentTask()).toBe(own);
    },
    { host },
  );
  expect(log).toEqual(["set undefined", "outer main", "later: set undefined"]);
  await loop.close();
});

test("a running loop that is taken back when it has closed leaves no place behind", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const takeBack = setRunningLoop(loop);
  await loop.close();
  takeBack();
  setRunningLoop(loop)();
  expect(currentPlace()).toBeUndefined();
});

test("tasks, callbacks and done-callbacks go on in the async context of whoever asked for them", async () => {
  const request = new AsyncLocalStorage<string>();
  const log = await messages(async ({ log, loop }) => {
    const say = (where: string): void => log(`${where}: ${request.getStore()}`);
    const future = loop.createFuture<void>();
    const tasks = ["one", "two"].map((id) =>
      request.run(id, () => {
        loop.callSoon(say, "callSoon");
        loop.callLater(1, say, "callLater");
        future.addDoneCallback(() => say("done-callback"));
        return createTask(async () => {
          say("task");
          await sleep(5);
          say("task later");
        });
      }),
    );
    future.setResult();
    for (const task of tasks) await task;
    say("main");
  });
  expect(log).toEqual([
    "callSoon: one",
    "task: one",
    "callSoon: two",
    "task: two",
    "done-callback: one",
    "done-callback: two",
    "callLater: one",
    "callLater: two",
    "task later: one",
    "task later: two",
    "main: undefined",
  ]);
});

test("is switched off with the last loop: what is left of a program sees no loop", async () => {
  // Other tests of this process may have loops open: this copy of the package is the first of its own.
  const registry = globalThis as unknown as Record<symbol, unknown>;
  const key = Symbol.for("trestle.process-wide:@trestle/loop");
  const others = registry[key];
  delete registry[key];
  vi.resetModules();
  onTestFinished(() => {
    // What is loaded from now on belongs to the others again.
    registry[key] = others;
    vi.resetModules();
  });
  const alone = await import("../src/index.js");
  let goOn = (): void => {};
  let left: Promise<unknown> = Promise.resolve();
  await alone.run(
    async () => {
      left = new Promise<void>((resolve) => (goOn = resolve)).then(() => alone.currentLoop());
      expect(alone.currentLoop()).toBeDefined();
    },
    { host: new VirtualHost() },
  );
  goOn();
  expect(await left).toBeUndefined();
});

test("what is left of a loop is in no later loop, either", async () => {
  const left: AsyncResource[] = [];
  await run(async () => void left.push(new AsyncResource("left")), { host: new VirtualHost() });
  await run(
    async () => {
      const [resource] = left as [AsyncResource];
      const seen = resource.runInAsyncScope(() => currentLoop());
      expect(seen === undefined || seen.isClosed()).toBe(true);
      expect(seen).not.toBe(getRunningLoop());
    },
    { host: new VirtualHost() },
  );
});

test("stays on until every user has let go, and a release counts once", async () => {
  const release = useAsyncContext();
  await run(async () => {}, { host: new VirtualHost() });
  const loop = new EventLoop({ host: new VirtualHost() });
  release();
  release();
  expect(loop.enter(() => currentLoop())).toBe(loop);
  await loop.close();
});

test("two loops in one process keep apart", async () => {
  const main = async (name: string): Promise<string> => {
    const loop = getRunningLoop();
    await sleep(1);
    return `${name} ${getRunningLoop() === loop} ${currentTask()?.loop === loop}`;
  };
  const results = await Promise.all(
    ["a", "b"].map((name) => run(() => main(name), { host: new VirtualHost() })),
  );
  expect(results).toEqual(["a true true", "b true true"]);
});
