import { setTimeout as later } from "node:timers/promises";
import { ArgumentError, WrongFlavorError } from "@trestle/host";
import {
  LayerMissingError,
  LoopClosedError,
  run as runLoop,
  type ExecutorLayer,
} from "@trestle/loop";
import { run as runStructured } from "@trestle/structured";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { SyncLoop } from "../src/index.js";
import { BlockingLayer, workOf } from "./blocking-layer.js";

const executor = new BlockingLayer();

let warnings: unknown[];

beforeEach(() => {
  warnings = [];
  vi.spyOn(process, "emitWarning").mockImplementation((warning) => void warnings.push(warning));
});

const add = workOf((a: number, b: number) => a + b);

describe("runUntilComplete", () => {
  test("gives what a function in another thread returns, again and again (trio-asyncio 2.26)", () => {
    using loop = new SyncLoop({ executor });
    expect(loop.runUntilComplete(add, [2, 3])).toBe(5);
    expect(loop.runUntilComplete(add, [20, 30])).toBe(50);
    const thread = workOf(() => (require("node:worker_threads") as { threadId: number }).threadId);
    expect(loop.runUntilComplete(thread)).toBeGreaterThan(0);
  });

  test("blocks: nothing of this thread runs meanwhile", async () => {
    using loop = new SyncLoop({ executor });
    const order: string[] = [];
    const others = [
      Promise.resolve().then(() => order.push("a promise")),
      later(1).then(() => order.push("a timer")),
    ];
    const slow = workOf(
      (ms: number) =>
        new Promise<string>((resolve) => {
          setTimeout(() => resolve("the work"), ms);
        }),
    );
    order.push(loop.runUntilComplete(slow, [50]));
    await Promise.all(others);
    expect(order).toEqual(["the work", "a promise", "a timer"]);
  });

  test("throws what the function throws, and stays usable", () => {
    using loop = new SyncLoop({ executor });
    const fail = workOf((text: string) => {
      throw new RangeError(text);
    });
    expect(() => loop.runUntilComplete(fail, ["of the work"])).toThrow(
      new RangeError("of the work"),
    );
    expect(loop.runUntilComplete(add, [1, 1])).toBe(2);
  });

  test("hands its limit of time to the executor", () => {
    using loop = new SyncLoop({ executor });
    const endless = workOf(() => new Promise<void>(() => setInterval(() => {}, 1000)));
    expect(() => loop.runUntilComplete(endless, [], { timeoutMs: 30 })).toThrow("more than 30 ms");
    expect(loop.runUntilComplete(add, [1, 1], { timeoutMs: 60_000 })).toBe(2);
  });

  test("is refused in the code of a loop and in structured code, which would stand still", async () => {
    using loop = new SyncLoop({ executor });
    await runLoop(async () => {
      expect(() => loop.runUntilComplete(add, [1, 1])).toThrow(
        "Cannot block this thread: an event loop runs in it, and would stand still.\n" +
          "Await 'toThread(work, ...args)' of @trestle/loop, or call this outside.",
      );
    });
    await runStructured(function* () {
      expect(() => loop.runUntilComplete(add, [1, 1])).toThrow(WrongFlavorError);
    });
  });

  test("is refused behind the close, which may be called twice", () => {
    const loop = new SyncLoop({ executor });
    expect(loop.isClosed()).toBe(false);
    loop.close();
    loop.close();
    expect(loop.isClosed()).toBe(true);
    expect(() => loop.runUntilComplete(add, [1, 1])).toThrow(LoopClosedError);
  });
});

test("without an executor that can block it says what to give", () => {
  expect(() => new SyncLoop()).toThrow(LayerMissingError);
  expect(() => new SyncLoop()).toThrow(/give it to the loop: 'new SyncLoop\({ executor }\)'/);
  const unable: ExecutorLayer = { openDefaultExecutor: () => executor.openDefaultExecutor() };
  expect(() => new SyncLoop({ executor: unable })).toThrow(
    /Cannot block this thread with an Object as 'executor': it has no 'runUntilComplete'/,
  );
  expect(() => new SyncLoop({ executor: null as unknown as ExecutorLayer })).toThrow(ArgumentError);
  expect(warnings).toEqual([]);
});

test("there is one warning in all", () => {
  const deprecations = Symbol.for("trestle.process-wide:@trestle/bridge deprecations");
  const { state } = (globalThis as unknown as Record<symbol, { state: Set<string> }>)[
    deprecations
  ] as { state: Set<string> };
  state.clear();
  new SyncLoop({ executor }).close();
  new SyncLoop({ executor }).close();
  expect(warnings.map(String)).toEqual([
    "TrestleDeprecationWarning: 'SyncLoop' of @trestle/bridge is deprecated.\n" +
      "Start the program with 'run' of @trestle/bridge, and await 'toThread' of @trestle/loop where work needs another thread.",
  ]);
});
