import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { afterEach, expect, test, vi } from "vitest";
import { EventLoop } from "../src/event-loop.js";
import type { ExceptionContext } from "../src/exception-context.js";
import { LoopClosedError } from "../src/loop-closed-error.js";
import { run } from "../src/run.js";
import { getRunningLoop } from "../src/current.js";
import { sleep } from "../src/sleep.js";
import { WrongLoopError } from "../src/wrong-loop-error.js";
import { messages } from "./on-virtual-time.js";

afterEach(() => vi.unstubAllEnvs());

const open = (debug = false): EventLoop => new EventLoop({ host: new VirtualHost(), debug });

test("callSoonThreadsafe is callSoon, and gives a handle", async () => {
  const log = await messages(async ({ log, loop }) => {
    loop.callSoon(log, "a");
    loop.callSoonThreadsafe(log, "b");
    loop.callSoonThreadsafe(log, "c").cancel();
    loop.callSoon(log, "d");
    await sleep(1);
  });
  expect(log).toEqual(["a", "b", "d"]);
  const loop = open();
  expect(() => loop.callSoonThreadsafe(async () => {})).toThrow(WrongFlavorError);
  await loop.close();
  expect(() => loop.callSoonThreadsafe(() => {})).toThrow(LoopClosedError);
});

test("wakes a loop that rests, from outside", async () => {
  const host = new VirtualHost();
  const loop = new EventLoop({ host });
  const end = loop.createFuture<string>();
  const release = host.hold("somebody outside");
  setImmediate(() => {
    release();
    loop.callSoonThreadsafe(() => end.setResult("woken"));
  });
  expect(await loop.runUntilComplete(end)).toBe("woken");
  await loop.close();
});

test("debug mode refuses calls from code of another loop, but for callSoonThreadsafe", async () => {
  const other = open(true);
  await run(
    async () => {
      const own = getRunningLoop();
      own.setDebug(true);
      own.callSoon(() => {});
      expect(() => other.callSoon(() => {})).toThrow(WrongLoopError);
      expect(() => other.callLater(1, () => {})).toThrow("Use 'callSoonThreadsafe'.");
      other.callSoonThreadsafe(() => {});
      other.setDebug(false);
      other.callSoon(() => {});
    },
    { host: new VirtualHost() },
  );
  other.setDebug(true);
  other.callSoon(() => {});
  await other.close();
});

test("debug mode is on where the options, the environment or somebody says so", async () => {
  const loops = [open(), open(true)];
  expect(loops.map((loop) => loop.getDebug())).toEqual([false, true]);
  vi.stubEnv("TRESTLEDEBUG", "1");
  loops.push(new EventLoop({ host: new VirtualHost() }), open());
  expect(loops.map((loop) => loop.getDebug())).toEqual([false, true, true, false]);
  await run(async () => expect(getRunningLoop().getDebug()).toBe(true), {
    host: new VirtualHost(),
    debug: true,
  });
  for (const loop of loops) await loop.close();
});

test("debug mode warns of what keeps the loop from everything else, by its name", async () => {
  const emitWarning = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const host = new VirtualHost();
  let ahead = 0;
  const now = host.now.bind(host);
  host.now = () => now() + ahead;
  const work = (ms: number): void => void (ahead += ms);
  await run(
    async function main() {
      const loop = getRunningLoop();
      loop.slowCallbackDuration = 50;
      expect(loop.slowCallbackDuration).toBe(50);
      loop.callSoon(function reckon() {
        work(60);
      });
      loop.callSoon(function quick() {
        work(40);
      });
      await sleep(1);
      await Promise.resolve();
      work(70);
      await sleep(1);
    },
    { host, debug: true },
  );
  const warned = emitWarning.mock.calls.map(([message]) => String(message).split("\n", 1)[0]);
  expect(warned).toEqual([
    "Cannot run anything else of the event loop for 60 ms: callback 'reckon' took so long.",
    "Cannot run anything else of the event loop for 70 ms: task 'main', after it had waited for a sleep of 1 ms, took so long.",
  ]);
  expect(emitWarning.mock.calls[0]?.[1]).toMatchObject({ code: "TRESTLE_SLOW_CALLBACK" });
});

test("refuses wrong durations and factories", async () => {
  const loop = open();
  expect(() => (loop.slowCallbackDuration = -1)).toThrow(ArgumentError);
  expect(() => loop.setTaskFactory(5 as never)).toThrow(WrongFlavorError);
  expect(() => loop.setTaskFactory((async () => {}) as never)).toThrow(WrongFlavorError);
  await loop.close();
});

test("debug mode keeps where things were made, for the exception handler", async () => {
  const contexts: ExceptionContext[] = [];
  await messages(async ({ loop }) => {
    loop.setDebug(true);
    loop.setExceptionHandler((_, context) => contexts.push(context));
    loop.callSoon(() => {
      throw new Error("callback");
    });
    loop.createFuture<void>("the reply").setException(new Error("unseen"));
    await sleep(1);
  });
  expect(contexts.map(({ exception }) => String(exception))).toEqual([
    "Error: callback",
    "Error: unseen",
  ]);
  for (const { sourceStack } of contexts) expect(sourceStack).toContain("base-event-loop.test.ts");
});

test("an error of the default handler is printed, with what it was told", async () => {
  const print = vi.spyOn(console, "error").mockImplementation(() => {});
  class Strict extends EventLoop {
    override defaultExceptionHandler(): void {
      throw new Error("strict");
    }
  }
  const loop = new Strict({ host: new VirtualHost() });
  loop.callExceptionHandler({ message: "It failed", exception: "why", sourceStack: "  at work" });
  loop.callExceptionHandler({ message: "It is late" });
  expect(print.mock.calls).toEqual([
    ["The default exception handler failed:", new Error("strict")],
    ["It failed:", "why"],
    ["It was made\n  at work"],
    ["The default exception handler failed:", new Error("strict")],
    ["It is late"],
  ]);
  await loop.close();
});

test("an error of the handler that was set goes to the default one", async () => {
  const told: string[] = [];
  class Strict extends EventLoop {
    override defaultExceptionHandler({ message }: ExceptionContext): void {
      told.push(message);
    }
  }
  const loop = new Strict({ host: new VirtualHost() });
  loop.setExceptionHandler(() => {
    throw new Error("worse");
  });
  loop.callExceptionHandler({ message: "It failed" });
  expect(told).toEqual(["The exception handler failed", "It failed"]);
  await loop.close();
});
