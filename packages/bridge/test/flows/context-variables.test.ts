// Context variables go in with a call, in either direction, and nothing comes back (trio-asyncio 2.22).
import { createTask, getRunningLoop, sleep as loopSleep } from "@trestle/loop";
import { checkpoint, ContextVar, openNursery, sleep, type Operation } from "@trestle/structured";
import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import { asLoop, asStructured, openLoop, runStructured } from "../../src/index.js";
import { virtualBridge } from "../virtual-bridge.js";

const variable = new ContextVar("request", { defaultValue: "none" });

describe("a context variable", () => {
  test("goes in with each call of a sandwich, and nothing that is set further in comes back (trio-asyncio test_contextvars)", async () => {
    const { run, log, trace } = virtualBridge();
    const see = (where: string): void => log(`${where}: ${variable.get()}`);
    const innermost = asStructured(async () => {
      see("innermost");
      await loopSleep(1);
      see("innermost, later");
    });
    const inner = asLoop(function* () {
      see("inner");
      variable.set("inner's");
      yield* innermost();
      see("inner, at the end");
    });
    const middle = asStructured(async () => {
      see("middle");
      await loopSleep(1);
      see("middle, later");
      await inner();
      see("middle, at the end");
    });
    await run(function* () {
      variable.set("outer's");
      yield* middle();
      see("outer, at the end");
      variable.set("outer's second");
      yield* innermost();
    });
    expect(trace.messages).toEqual([
      "middle: outer's",
      "middle, later: outer's",
      "inner: outer's",
      "innermost: inner's",
      "innermost, later: inner's",
      "inner, at the end: inner's",
      "middle, at the end: outer's",
      "outer, at the end: outer's",
      "innermost: outer's second",
      "innermost, later: outer's second",
    ]);
  });

  test("goes in with the tasks, callbacks and timers that loop code has made in a call", async () => {
    const { run, log, trace } = virtualBridge();
    const inStructured = asLoop(function* (where: string) {
      log(`${where}: ${variable.get()}`);
    });
    const work = asStructured(async () => {
      const task = createTask(async () => {
        await loopSleep(1);
        await inStructured("task");
      });
      getRunningLoop().callSoon(() => void inStructured("callback"));
      getRunningLoop().callLater(5, () => void inStructured("timer"));
      await task;
      await loopSleep(10);
    });
    await run(() =>
      openNursery(function* (nursery) {
        for (const name of ["a", "b"]) {
          nursery.startSoon(function* () {
            variable.set(name);
            yield* work();
          });
        }
      }),
    );
    expect(trace.messages).toEqual([
      "callback: a",
      "callback: b",
      "task: a",
      "task: b",
      "timer: a",
      "timer: b",
    ]);
  });

  test("goes in with what structured code has the loop do: as it is at the call, not when it runs", async () => {
    const { run, log, trace } = virtualBridge();
    const see = (where: string): void => log(`${where}: ${variable.get()}`);
    await run(function* (loop) {
      variable.set("at the call");
      loop.callSoon(see, "callSoon");
      loop.callLater(0, see, "callLater");
      void loop.createTask(async () => see("createTask"));
      void loop.structuredAsFuture(function* () {
        see("structuredAsFuture");
      });
      void runStructured(function* () {
        see("runStructured");
      });
      variable.set("after the call");
      yield* sleep(1);
    });
    expect(trace.messages.toSorted()).toEqual([
      "callLater: at the call",
      "callSoon: at the call",
      "createTask: at the call",
      "runStructured: at the call",
      "structuredAsFuture: at the call",
    ]);
  });

  test("has in the loop's code what it had at the beginning of the block, where nobody sets it inside", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* () {
      variable.set("of the block");
      yield* openLoop(function* (loop) {
        const seen = yield* loop.runAsync(async () => variable.get());
        log(seen);
        const deeper = asLoop(function* () {
          return variable.get();
        });
        log(yield* loop.runAsync(() => deeper()));
      });
    });
    expect(trace.messages).toEqual(["of the block", "of the block"]);
  });

  test("is read in loop code, not set: that is for structured code", async () => {
    const { run } = virtualBridge();
    await run(
      asStructured(async () => {
        expect(variable.get()).toBe("none");
        expect(() => variable.set("of loop code")).toThrow(/^Cannot set the variable 'request'/);
      }),
    );
  });

  test("of several tasks and loops does not get mixed up, in a hundred layers", async () => {
    const { run, log, trace } = virtualBridge();
    const layer = (depth: number): Operation<void> =>
      asStructured(async () => {
        await loopSleep(1);
        await asLoop(function* () {
          if (depth > 0) yield* layer(depth - 1);
          else log(variable.get());
        })();
      })();
    await run(() =>
      openNursery(function* (nursery) {
        for (const name of ["a", "b", "c"]) {
          nursery.startSoon(function* () {
            variable.set(name);
            yield* openLoop(function* () {
              yield* layer(50);
            });
          });
        }
      }),
    );
    expect(trace.messages).toEqual(["a", "b", "c"]);
  });

  test("is carried beside an AsyncLocalStorage, which keeps its own", async () => {
    const { run } = virtualBridge();
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    await storage.run("stored", () =>
      run(function* () {
        variable.set("carried");
        yield* asStructured(async () => {
          await loopSleep(1);
          await asLoop(function* () {
            yield* checkpoint();
            seen.push([variable.get(), storage.getStore()]);
          })();
        })();
      }),
    );
    storage.disable();
    expect(seen).toEqual([["carried", "stored"]]);
  });
});

test("after the last block nothing is carried any more", async () => {
  const { run } = virtualBridge();
  await run(function* () {
    variable.set("inside");
    yield* asStructured(() => loopSleep(1))();
  });
  expect(variable.get()).toBe("none");
});
