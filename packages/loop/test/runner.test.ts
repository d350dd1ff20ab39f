import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { WrongFlavorError } from "@trestle/host";
import { Trace, VirtualHost } from "@trestle/testing";
import { afterEach, expect, test, vi } from "vitest";
import { CancelledError } from "../src/cancelled-error.js";
import { createTask } from "../src/create-task.js";
import { currentTask, getRunningLoop } from "../src/current.js";
import { EventLoop } from "../src/event-loop.js";
import { InterruptedError } from "../src/interrupted-error.js";
import { LoopClosedError } from "../src/loop-closed-error.js";
import { LoopRunningError } from "../src/loop-running-error.js";
import { Runner } from "../src/runner.js";
import { sleep } from "../src/sleep.js";

afterEach(() => vi.unstubAllGlobals());

test("runs several mains on one loop, and keeps what they leave running", async () => {
  const host = new VirtualHost();
  const trace = new Trace(() => host.now());
  const runner = new Runner({ host });
  const loops: EventLoop[] = [];
  await runner.run(async () => {
    loops.push(getRunningLoop());
    void createTask(async function background() {
      await sleep(10);
      trace.log("background");
      await sleep(1000).finally(() => trace.log("background cancelled"));
    });
    await sleep(5);
  });
  trace.log("between");
  await runner.run(async () => {
    loops.push(getRunningLoop());
    await sleep(10);
  });
  await runner.close();
  expect(trace.entries).toEqual([
    [5, "between"],
    [10, "background"],
    [15, "background cancelled"],
  ]);
  expect(loops[1]).toBe(loops[0]);
  expect(loops[0]?.isClosed()).toBe(true);
});

test("makes its loop when it is first used, and closes it once", async () => {
  const factory = vi.fn<() => EventLoop>(() => new EventLoop({ host: new VirtualHost() }));
  const runner = new Runner({ loopFactory: factory, debug: true });
  expect(factory).not.toHaveBeenCalled();
  const loop = runner.getLoop();
  expect([runner.getLoop(), loop.getDebug(), factory.mock.calls.length]).toEqual([loop, true, 1]);
  await runner.close();
  await runner.close();
  expect(loop.isClosed()).toBe(true);
  expect(() => runner.getLoop()).toThrow(LoopClosedError);
  await expect(runner.run(async () => {})).rejects.toThrow(LoopClosedError);
});

test("one that was never used closes without a loop, and can be disposed of", async () => {
  const factory = vi.fn<() => EventLoop>(() => new EventLoop({ host: new VirtualHost() }));
  {
    await using runner = new Runner({ loopFactory: factory });
    expect(runner).toBeInstanceOf(Runner);
  }
  expect(factory).not.toHaveBeenCalled();
});

test("a main that fails leaves the runner usable", async () => {
  await using runner = new Runner({ host: new VirtualHost() });
  const error = new Error("no");
  await expect(
    runner.run(async () => {
      throw error;
    }),
  ).rejects.toBe(error);
  expect(await runner.run(async () => "value")).toBe("value");
});

test("is refused inside of a loop that runs, and for structured functions", async () => {
  await using outer = new Runner({ host: new VirtualHost() });
  await using inner = new Runner({ host: new VirtualHost() });
  await outer.run(async () => {
    await expect(inner.run(async () => {})).rejects.toThrow(LoopRunningError);
  });
  await expect(outer.run(function* main() {} as never)).rejects.toThrow(WrongFlavorError);
});

test("all mains run in the context of the first use, or in one that is given", async () => {
  const request = new AsyncLocalStorage<string>();
  await using runner = new Runner({ host: new VirtualHost() });
  const say = async (): Promise<string | undefined> => request.getStore();
  expect(await request.run("first", () => runner.run(say))).toBe("first");
  expect(await request.run("second", () => runner.run(say))).toBe("first");
  const context = request.run("given", () => new AsyncResource("test"));
  expect(await runner.run(say, { context })).toBe("given");
});

test("at the end generators are closed and the default executor is shut down, while the loop runs", async () => {
  const log: string[] = [];
  const runner = new Runner({ host: new VirtualHost() });
  await runner.run(async () => {
    const loop = getRunningLoop();
    const generator = loop.trackAsyncgen(
      (async function* () {
        try {
          yield 1;
        } finally {
          await sleep(5);
          log.push(`generator closed at ${loop.time()}`);
        }
      })(),
    );
    await generator.next();
    loop.setDefaultExecutor({
      submit: () => ({ wait: () => () => "withdrawn" }),
      shutdown: (options) => ({
        wait: (resume) => {
          log.push(`executor ${JSON.stringify(options)}`);
          resume({ ok: true, value: undefined });
          return () => "committed";
        },
      }),
    });
  });
  await runner.close();
  expect(log).toEqual(["generator closed at 5", 'executor {"wait":true,"cancelFutures":false}']);
});

test("a second main is refused while the first runs, and never starts", async () => {
  await using runner = new Runner({ host: new VirtualHost() });
  const log: string[] = [];
  const first = runner.run(() => sleep(10, "first"));
  const second = runner.run(async () => void log.push("second"));
  await expect(second).rejects.toThrow(
    "Cannot run a second main: the event loop is running.\nAwait the first, or start the second in it by 'createTask'.",
  );
  expect([await first, log]).toEqual(["first", []]);
});

test("cannot be closed while a main runs, which goes on, and can be afterwards", async () => {
  const runner = new Runner({ host: new VirtualHost() });
  const main = runner.run(() => sleep(10, "value"));
  await expect(runner.close()).rejects.toThrow(LoopRunningError);
  expect(await main).toBe("value");
  await runner.close();
  expect(() => runner.getLoop()).toThrow(LoopClosedError);
});

test("whoever closes it a second time waits for the same end, but for its own tasks", async () => {
  const runner = new Runner({ host: new VirtualHost() });
  const loop = runner.getLoop();
  let refused: unknown;
  await runner.run(async () => {
    void createTask(async () => {
      await sleep(1000).catch(() => sleep(20));
    });
    void createTask(async () => {
      await sleep(1000)
        .catch(() => runner.close())
        .catch((error: unknown) => (refused = error));
    });
    await sleep(1);
  });
  const first = runner.close();
  await runner.close();
  expect(loop.isClosed()).toBe(true);
  expect(refused).toBeInstanceOf(LoopRunningError);
  await first;
});

/** Stands for the process, so that signals can be sent. */
function stubProcess(): { interrupt: () => void; listeners: () => number } {
  const listeners = new Set<() => void>();
  const fake = {
    on: (_: string, listener: () => void) => listeners.add(listener),
    off: (_: string, listener: () => void) => listeners.delete(listener),
    listenerCount: () => listeners.size,
    kill: () => {},
  };
  const stub = new Proxy(process, {
    get: (target, key) =>
      Reflect.get(key in fake ? fake : target, key, key in fake ? fake : target) as unknown,
  });
  vi.stubGlobal("process", stub);
  return {
    interrupt: () => listeners.forEach((listener) => listener()),
    listeners: () => listeners.size,
  };
}

test("SIGINT cancels main, and run throws InterruptedError when it has cleaned up", async () => {
  const { interrupt, listeners } = stubProcess();
  const host = new VirtualHost();
  const log: string[] = [];
  await using runner = new Runner({ host });
  host.at(10, interrupt);
  const running = runner.run(async () => {
    try {
      await sleep(1000);
    } finally {
      await sleep(5);
      log.push(`cleaned up at ${host.now()}`);
    }
  });
  await expect(running).rejects.toThrow(InterruptedError);
  await expect(running).rejects.toMatchObject({ cause: expect.any(CancelledError) as unknown });
  expect([log, listeners()]).toEqual([["cleaned up at 15"], 0]);
});

test("a main that goes on after SIGINT has its own end, and one that was cancelled before stays cancelled (asyncio)", async () => {
  const { interrupt } = stubProcess();
  const host = new VirtualHost();
  await using runner = new Runner({ host });
  host.at(10, interrupt);
  const stubborn = runner.run(async () => {
    await sleep(1000).catch(() => {});
    return "went on";
  });
  expect(await stubborn).toBe("went on");
  host.at(20, interrupt);
  const twice = runner.run(async () => {
    currentTask()?.cancel("by itself");
    await sleep(0).catch(() => {});
    await sleep(1000);
  });
  await expect(twice).rejects.toThrow(CancelledError);
});
