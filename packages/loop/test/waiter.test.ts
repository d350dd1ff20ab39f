import { AsyncLocalStorage } from "node:async_hooks";
import { VirtualHost } from "@trestle/testing";
import { afterAll, expect, test, vi } from "vitest";
import { createTask } from "../src/create-task.js";
import { currentTask, keepContext } from "../src/current.js";
import { EventLoop } from "../src/event-loop.js";
import { core, internals } from "../src/internals.js";
import { run } from "../src/run.js";
import { sleep } from "../src/sleep.js";
import { Waiter, type Handler } from "../src/waiter.js";
import { messages, traced } from "./on-virtual-time.js";

const loop = new EventLoop({ host: new VirtualHost() });
afterAll(() => loop.close());

function waiter<R = never>(
  accepting?: Handler<unknown, R>,
  refusing?: Handler<unknown, R>,
): Waiter<unknown, R, R> {
  const { outside } = loop[internals];
  return new Waiter(loop.createFuture()[core], outside, accepting, refusing, keepContext());
}

test("is a promise of what its handler returns or throws, chained before or after", async () => {
  const [before, after] = [
    waiter((value) => `got ${String(value)}`),
    waiter((value) => `got ${String(value)}`),
  ] as const;
  const chained = before.then((value) => `${value}!`);
  before.accept(1);
  after.accept(2);
  expect([await chained, await after, before.isDone]).toEqual(["got 1!", "got 2", true]);

  const failing = waiter(() => {
    throw new Error("handler failed");
  });
  failing.accept(1);
  await expect(failing).rejects.toThrow("handler failed");

  const recovering = waiter(undefined, (error) => `recovered from ${String(error)}`);
  recovering.refuse("x");
  expect(await recovering).toBe("recovered from x");
});

test("passes on what it has no handler for", async () => {
  const [good, bad] = [waiter(), waiter()];
  good.accept(1);
  bad.refuse("no");
  expect(await good).toBe(1);
  expect(await bad.catch((error: unknown) => `caught ${String(error)}`)).toBe("caught no");
  await expect(good.finally(() => {})).resolves.toBe(1);
  expect(Object.prototype.toString.call(good)).toBe("[object Waiter]");
});

test("adopts a promise that its handler returns, and refuses itself", async () => {
  const adopting = waiter(() => Promise.resolve("adopted"));
  adopting.accept(1);
  expect(await adopting).toBe("adopted");
  const circular: Waiter<unknown, unknown, unknown> = waiter<unknown>(() => circular);
  circular.accept(1);
  await expect(circular).rejects.toThrow(TypeError);
});

test("a failure that nobody handles is the platform's to report, as with any promise", async () => {
  const reported = vi.fn<() => void>();
  process.once("unhandledRejection", reported);
  const listeners = process.listeners("unhandledRejection").filter((each) => each !== reported);
  for (const listener of listeners.slice(0, -1)) process.off("unhandledRejection", listener);
  const error = new Error("nobody handles it");
  const handled = waiter();
  handled.refuse(error);
  await handled.catch(() => {});
  expect(reported).not.toHaveBeenCalled();
  process.off("unhandledRejection", reported);
  for (const listener of listeners.slice(0, -1)) process.on("unhandledRejection", listener);
});

test("tells an await from handlers that somebody wrote", () => {
  const native: (() => void)[] = [];
  void new Promise<void>((resolve, reject) => native.push(resolve, reject));
  const [resolve, reject] = native as [() => void, () => void];
  expect(waiter(resolve, reject).isAwait).toBe(true);
  expect([waiter(() => {}).isAwait, waiter(resolve).isAwait, waiter().isAwait]).toEqual([
    false,
    false,
    false,
  ]);
});

test("an await makes no promise of its own and leaves nothing to report", async () => {
  const log = await messages(async ({ log, loop }) => {
    const future = loop.createFuture<void>();
    loop.callSoon(() => future.setException(new Error("seen")));
    try {
      await future;
    } catch (error) {
      log(String(error));
    }
  });
  expect(log).toEqual(["Error: seen"]);
});

test("handlers run in the async context and the task of who wrote them", async () => {
  const request = new AsyncLocalStorage<string>();
  const log = await messages(async ({ log, loop }) => {
    const future = loop.createFuture<void>();
    const say = (where: string): void =>
      log(`${where}: ${request.getStore()} ${currentTask()?.name}`);
    const chained = request.run("one", () => future.then(() => say("then")));
    const task = createTask(async function other() {
      await request.run("two", () =>
        future
          .finally(() => say("finally"))
          .then(() => sleep(1))
          .then(() => say("chained")),
      );
    });
    await sleep(1);
    future.setResult();
    await chained;
    await task;
  });
  expect(log).toEqual(["then: one main", "finally: two other", "chained: two other"]);
});

test.each([false, true])(
  "handlers run in the async context of who wrote them, wherever that was, and so does what follows an await (debug mode: %s)",
  async (debug) => {
    const request = new AsyncLocalStorage<string>();
    const log = await messages(async ({ log, loop }) => {
      loop.setDebug(debug);
      const future = loop.createFuture<void>();
      const say = (where: string): void => log(`${where}: ${request.getStore()}`);
      const told: Promise<unknown>[] = [];
      const chain = (store: string): void =>
        request.run(store, () => void told.push(future.then(() => say(`handler in ${store}`))));
      const waitIn = (store: string): Promise<void> =>
        request.run(store, async () => {
          await future;
          say(`await in ${store}`);
        });
      // Each of them finds another state of what was read and called before.
      await Promise.resolve().then(() => chain("a reaction"));
      told.push(waitIn("a task"));
      await Promise.resolve().then(() => {
        told.push(waitIn("a reaction"));
        chain("a reaction, before the await's job");
      });
      await sleep(0).then(() => chain("a handler of a pause"));
      loop.callSoon(() => chain("a callback"));
      request.enterWith("entered");
      const { then } = future;
      told.push(then.call(future, () => say("handler of a 'then' that was read before")));
      told.push(future.catch(() => {}).finally(() => say("finally")));
      told.push(Promise.all([future, future]).then(() => say("all")));
      request.enterWith("entered later");
      await sleep(0);
      future.setResult();
      await Promise.all(told);
      say("main");
    });
    request.disable();
    expect(log.toSorted()).toEqual([
      "all: entered",
      "await in a reaction: a reaction",
      "await in a task: a task",
      "finally: entered",
      "handler in a callback: a callback",
      "handler in a handler of a pause: a handler of a pause",
      "handler in a reaction, before the await's job: a reaction, before the await's job",
      "handler in a reaction: a reaction",
      "handler of a 'then' that was read before: entered",
      "main: entered later",
    ]);
  },
);

test("a future that a handler gives is awaited by the task that wrote the handler", async () => {
  const log = await traced(async ({ log: note }) => {
    const task = createTask(async () => {
      await sleep(10).then(() => sleep(1000));
    });
    await sleep(20);
    task.cancel();
    await task.catch((error: unknown) => note(String(error)));
  });
  expect(log).toEqual([[20, "CancelledError"]]);
});

test("a wait that was broken off ends once, whatever becomes of its future", async () => {
  const host = new VirtualHost();
  await run(
    async () => {
      const owner = new EventLoop({ host });
      await owner.close();
      const future = sleep(5);
      const calls: string[] = [];
      const outcome = future.then(
        () => calls.push("accepted"),
        (error: unknown) => calls.push(`refused ${String(error)}`),
      ) as Waiter<void, number, number>;
      outcome.breakOff("broken off");
      await sleep(10);
      expect(calls).toEqual(["refused broken off"]);
    },
    { host },
  );
});
