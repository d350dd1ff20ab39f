import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { Trace, VirtualHost } from "@trestle/testing";
import { expect, test, vi } from "vitest";
import { currentLoop, currentTask } from "../src/current.js";
import { EventLoop } from "../src/event-loop.js";
import type { ExceptionContext } from "../src/exception-context.js";
import { LoopRunningError } from "../src/loop-running-error.js";
import { LoopStoppedError } from "../src/loop-stopped-error.js";
import { sleep } from "../src/sleep.js";

function open(): { loop: EventLoop; host: VirtualHost; trace: Trace } {
  const host = new VirtualHost();
  return { loop: new EventLoop({ host }), host, trace: new Trace(() => host.now()) };
}

test("calls callbacks first in, first out, never inside the call, each after the microtasks of the one before", async () => {
  const { loop, trace } = open();
  const chain = async (name: string): Promise<void> => {
    for (let link = 0; link < 20; link++) await Promise.resolve();
    trace.log(`microtasks of ${name}`);
  };
  loop.callSoon(() => {
    trace.log("a");
    void chain("a");
    loop.callSoon(trace.log, "c");
  });
  loop.callSoon(trace.log, "b");
  trace.log("asked");
  await loop.runUntilComplete(() => sleep(1));
  expect(trace.messages).toEqual(["asked", "a", "microtasks of a", "b", "c"]);
  await loop.close();
});

test("runs what was ready at the start of an iteration, then the timers that are due (asyncio: B D C A)", async () => {
  const { loop, trace } = open();
  loop.callLater(0, trace.log, "A");
  loop.callSoon(trace.log, "B");
  loop.callAt(-1, trace.log, "C");
  loop.callSoon(trace.log, "D");
  await loop.runUntilComplete(() => sleep(1));
  expect(trace.messages).toEqual(["B", "D", "C", "A"]);
  await loop.close();
});

test("calls timers at their instants, and those of one instant in the order of the calls", async () => {
  const { loop, trace } = open();
  loop.callLater(20, trace.log, "late");
  const handle = loop.callLater(10, trace.log, "early");
  loop.callAt(10, trace.log, "early too");
  expect(handle.when).toBe(10);
  await loop.runUntilComplete(() => sleep(30));
  expect(trace.entries).toEqual([
    [10, "early"],
    [10, "early too"],
    [20, "late"],
  ]);
  await loop.close();
});

test("does not call what was taken back", async () => {
  const { loop, trace } = open();
  const handles = [
    loop.callSoon(trace.log, "soon"),
    loop.callLater(5, trace.log, "later"),
    loop.callAt(5, trace.log, "at"),
  ];
  expect(handles.map((handle) => handle.cancelled())).toEqual([false, false, false]);
  for (const handle of handles) handle.cancel();
  expect(handles.map((handle) => handle.cancelled())).toEqual([true, true, true]);
  await loop.runUntilComplete(() => sleep(10));
  expect(trace.messages).toEqual([]);
  await loop.close();
});

test("a timer for never does not move virtual time", async () => {
  const { loop, host } = open();
  loop.callLater(Number.POSITIVE_INFINITY, () => {});
  await loop.runUntilComplete(() => sleep(10));
  expect(host.now()).toBe(10);
  await loop.close();
});

test("an hour on virtual time takes no time", async () => {
  const { loop } = open();
  await loop.runUntilComplete(() => sleep(3_600_000));
  expect(loop.time()).toBe(3_600_000);
  await loop.close();
});

test("an error in a callback goes to the exception handler, and the loop goes on", async () => {
  const { loop, trace } = open();
  loop.setExceptionHandler((given, { message, exception, handle: about }) => {
    trace.log(`${given === loop} ${message}: ${String(exception)} ${about === handle}`);
  });
  const handle = loop.callSoon(function careless() {
    throw new Error("oops");
  });
  loop.callSoon(trace.log, "next");
  await loop.runUntilComplete(() => sleep(0));
  expect(trace.messages).toEqual(["true Callback 'careless' failed: Error: oops true", "next"]);
  await loop.close();
});

test("prints what nobody handles, and what a failing handler hides", async () => {
  const { loop } = open();
  const print = vi.spyOn(console, "error").mockImplementation(() => {});
  const error = new Error("oops");
  loop.callExceptionHandler({ message: "It failed", exception: error });
  expect(print.mock.calls).toEqual([["It failed:", error]]);
  print.mockClear();
  const worse = new Error("worse");
  loop.setExceptionHandler(() => {
    throw worse;
  });
  loop.callExceptionHandler({ message: "It failed", exception: error });
  expect(print.mock.calls).toEqual([
    ["The exception handler failed:", worse],
    ["It failed:", error],
  ]);
  loop.setExceptionHandler(undefined);
  expect(loop.getExceptionHandler()).toBeUndefined();
  await loop.close();
});

test("a subclass may do something else by default", async () => {
  const contexts: ExceptionContext[] = [];
  class Strict extends EventLoop {
    override defaultExceptionHandler(context: ExceptionContext): void {
      contexts.push(context);
    }
  }
  const loop = new Strict({ host: new VirtualHost() });
  loop.callExceptionHandler({ message: "It failed" });
  expect(contexts).toEqual([{ message: "It failed" }]);
  await loop.close();
});

test("runs until work is done, leaves the rest, and goes on with it in the next run", async () => {
  const { loop, trace } = open();
  const background = loop.createTask(async () => {
    await sleep(20);
    trace.log("background");
  });
  expect(await loop.runUntilComplete(() => sleep(10, "value"))).toBe("value");
  expect([background.done(), loop.isRunning(), trace.messages]).toEqual([false, false, []]);
  await loop.runUntilComplete(background);
  expect(trace.entries).toEqual([[20, "background"]]);
  await expect(loop.runUntilComplete(Promise.reject(new Error("failed")))).rejects.toThrow(
    "failed",
  );
  await loop.close();
});

test("stops after the iteration that runs, and keeps what it made ready", async () => {
  const { loop, trace } = open();
  loop.callSoon(() => {
    loop.stop();
    trace.log("stopped");
    loop.callSoon(trace.log, "next iteration");
  });
  loop.callSoon(trace.log, "same iteration");
  await loop.runForever();
  expect(trace.messages).toEqual(["stopped", "same iteration"]);
  loop.stop();
  await loop.runForever();
  expect(trace.messages).toEqual(["stopped", "same iteration", "next iteration"]);
  await loop.close();
});

test("stops while it rests, too", async () => {
  const { loop, host } = open();
  host.at(50, () => loop.stop());
  const sleeping = loop.createTask(() => sleep(100));
  await loop.runForever();
  expect([host.now(), sleeping.done()]).toEqual([50, false]);
  await loop.close();
});

test("says so when it was stopped before the work was done", async () => {
  const { loop } = open();
  const future = loop.createFuture<void>("the reply");
  loop.callSoon(() => loop.stop());
  await expect(loop.runUntilComplete(future)).rejects.toThrow(LoopStoppedError);
  future.setResult();
  await loop.runUntilComplete(future);
  await loop.close();
});

test("is not run twice at the same time", async () => {
  const { loop } = open();
  loop.callSoon(() => loop.stop());
  const running = loop.runForever();
  await expect(loop.runForever()).rejects.toThrow(LoopRunningError);
  await expect(loop.runUntilComplete(async () => {})).rejects.toThrow(LoopRunningError);
  await running;
  await loop.close();
});

test("callbacks come back to a loop from outside, while it rests", async () => {
  const { loop, host, trace } = open();
  host.at(10, () => void loop.callSoon(trace.log, "from outside"));
  await loop.runUntilComplete(() => sleep(20));
  expect(trace.entries).toEqual([[10, "from outside"]]);
  await loop.close();
});

test("code outside enters it as a callback would", async () => {
  const { loop } = open();
  const seen = loop.enter((x: number) => [x, currentLoop(), currentTask()], 1);
  expect(seen).toEqual([1, loop, undefined]);
  await loop.close();
});

test("answers wrong use in words", async () => {
  const { loop } = open();
  expect(() => loop.callSoon(5 as never)).toThrow(WrongFlavorError);
  expect(() => loop.callSoon(async function load() {})).toThrow(
    "Cannot call soon with load (async function): nobody would await it.",
  );
  expect(() => loop.callSoon(function* walk() {})).toThrow("asLoop(walk)");
  expect(() => loop.callLater(-1, () => {})).toThrow(ArgumentError);
  expect(() => loop.callLater(Number.NaN, () => {})).toThrow(ArgumentError);
  expect(() => loop.callAt(Number.NaN, () => {})).toThrow(ArgumentError);
  expect(() => loop.setExceptionHandler(5 as never)).toThrow(WrongFlavorError);
  await loop.close();
});
