// Calls from one flavor to the other and back, in layers.
import { ExceptionGroup } from "@trestle/host";
import { CancelledError, currentTask, sleep } from "@trestle/loop";
import {
  CancelScope,
  currentTask as currentStructuredTask,
  inStructuredTask,
  isCancelled,
  moveOnAfter,
  openNursery,
  sleep as structuredSleep,
  type Operation,
} from "@trestle/structured";
import { describe, expect, test } from "vitest";
import { asLoop, asStructured, awaitFuture } from "../../src/index.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualBridge } from "../virtual-bridge.js";

/** A sandwich of so many layers, loop code and structured code in turn, around a filling. */
function layered<T>(depth: number, filling: () => Operation<T>): () => Operation<T> {
  if (depth === 0) return filling;
  const inner = layered(depth - 1, filling);
  const across = asLoop(inner);
  return asStructured(async () => across());
}

describe("a value", () => {
  test("comes through a sandwich", async () => {
    const { run, log, trace } = virtualBridge();
    const innermost = asStructured(async function innermost(n: number) {
      log(`loop code: ${currentTask()?.name}, ${inStructuredTask()}`);
      await sleep(10);
      return n * 2;
    });
    const middle = asLoop(function* middle(n: number) {
      log(`structured code: ${currentStructuredTask().name}`);
      yield* structuredSleep(10);
      return (yield* innermost(n)) + 1;
    });
    const outer = asStructured(async function outer(n: number) {
      log(`loop code: ${currentTask()?.name}, ${inStructuredTask()}`);
      return (await middle(n)) * 100;
    });
    await run(function* () {
      log(`result ${yield* outer(3)}`);
    });
    expect(trace.entries).toEqual([
      [0, "loop code: outer, false"],
      [0, "structured code: middle"],
      [10, "loop code: innermost, false"],
      [20, "result 700"],
    ]);
  });

  test("comes through a hundred layers", async () => {
    const { run, host } = virtualBridge();
    const deep = layered(100, function* () {
      yield* structuredSleep(10);
      return "from below";
    });
    await expect(run(() => deep())).resolves.toBe("from below");
    expect(host.now()).toBe(10);
  });
});

describe("an error", () => {
  test("comes through a hundred layers as the very object (trio-asyncio 2.6)", async () => {
    const { run } = virtualBridge();
    const error = new RangeError("from below");
    const deep = layered(100, function* (): Operation<void> {
      yield* structuredSleep(10);
      throw error;
    });
    await expect(rejectionOf(run(() => deep()))).resolves.toBe(error);
  });

  test("may be a group, whose structure stays", async () => {
    const { run } = virtualBridge();
    const error = new Error("of a child");
    const deep = layered(2, () =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          throw error;
        });
        yield* structuredSleep(10);
      }),
    );
    const caught = await rejectionOf(run(() => deep()));
    expect(caught).toBeInstanceOf(ExceptionGroup);
    expect((caught as ExceptionGroup).errors).toEqual([error]);
  });

  test("can be caught in each layer, and the calls go on", async () => {
    const { run, log, trace } = virtualBridge();
    const fail = asStructured(async (): Promise<string> => {
      throw new Error("from below");
    });
    const middle = asLoop(function* () {
      try {
        return yield* fail();
      } catch (error) {
        log(`structured code caught: ${(error as Error).message}`);
        throw new Error("from the middle", { cause: error });
      }
    });
    const outer = asStructured(async () => {
      try {
        return await middle();
      } catch (error) {
        log(`loop code caught: ${(error as Error).message}`);
        await sleep(10);
        return "recovered";
      }
    });
    await run(function* () {
      log(yield* outer());
    });
    expect(trace.entries).toEqual([
      [0, "structured code caught: from below"],
      [0, "loop code caught: from the middle"],
      [10, "recovered"],
    ]);
  });
});

describe("a cancellation", () => {
  test("unwinds a sandwich from the innermost layer outwards, as each layer's own (trio-asyncio 2.6)", async () => {
    const { run, log, trace } = virtualBridge();
    const kind = (error: unknown): string =>
      isCancelled(error)
        ? "Cancelled"
        : error instanceof CancelledError
          ? "CancelledError"
          : String(error);
    const layer = (name: string, error: unknown): never => {
      log(`${name}: ${kind(error)}`);
      throw error;
    };
    const innermost = asStructured(async () => {
      await sleep(1000).catch((error: unknown) => layer("innermost loop code", error));
    });
    const middle = asLoop(function* () {
      try {
        yield* innermost();
      } catch (error) {
        yield* new CancelScope({ shield: true }).run(() => structuredSleep(5));
        layer("structured code", error);
      }
    });
    const outer = asStructured(async () => {
      try {
        await middle();
      } catch (error) {
        await sleep(5);
        layer("outer loop code", error);
      }
    });
    await run(function* () {
      const result = yield* moveOnAfter(10, function* () {
        try {
          yield* outer();
        } catch (error) {
          layer("body", error);
        }
      });
      log(`caught ${result.cancelledCaught}`);
    });
    expect(trace.entries).toEqual([
      [10, "innermost loop code: CancelledError"],
      [15, "structured code: Cancelled"],
      [20, "outer loop code: CancelledError"],
      [20, "body: Cancelled"],
      [20, "caught true"],
    ]);
  });

  test("reaches the ground of a hundred layers and comes back", async () => {
    const { run, host, log, trace } = virtualBridge();
    const deep = layered(100, function* () {
      try {
        yield* structuredSleep(1000);
      } catch (error) {
        log(isCancelled(error) ? "Cancelled" : String(error));
        throw error;
      }
    });
    await run(function* () {
      const { cancelledCaught } = yield* moveOnAfter(10, () => deep());
      expect(cancelledCaught).toBe(true);
    });
    expect(trace.entries).toEqual([[10, "Cancelled"]]);
    expect(host.now()).toBe(10);
  });

  test("is an error from some layer on, where that swallows it or turns it into one", async () => {
    const { run } = virtualBridge();
    const error = new Error("of a middle layer");
    const innermost = asLoop(() => structuredSleep(1000));
    const outer = asStructured(async () => {
      try {
        await innermost();
      } catch {
        throw error;
      }
    });
    await expect(rejectionOf(run(() => moveOnAfter(10, () => outer())))).resolves.toBe(error);
  });

  test("of a part in the middle leaves the outer layers alone", async () => {
    const { run, log, trace } = virtualBridge();
    const innermost = asStructured(async () => sleep(1000));
    const middle = asLoop(function* () {
      const { cancelledCaught } = yield* moveOnAfter(10, () => innermost());
      yield* structuredSleep(5);
      return `caught ${cancelledCaught}`;
    });
    const outer = asStructured(async () => {
      const text = await middle();
      await sleep(5);
      return text;
    });
    await run(function* () {
      log(yield* outer());
    });
    expect(trace.entries).toEqual([[20, "caught true"]]);
  });
});

test("the layers of several tasks do not get mixed up", async () => {
  const { run, log, trace } = virtualBridge();
  const innermost = asStructured(async (name: string, ms: number) => {
    await sleep(ms);
    return name;
  });
  const middle = asLoop(function* (name: string, ms: number) {
    return yield* innermost(name, ms);
  });
  const outer = asStructured(async (name: string, ms: number) => middle(name, ms));
  await run(() =>
    openNursery(function* (nursery) {
      for (const [name, ms] of [
        ["a", 31],
        ["b", 10],
        ["c", 25],
      ] as const) {
        nursery.startSoon(function* () {
          log(`${name}: ${yield* outer(name, ms)}`);
          log(`${name}: ${yield* awaitFuture(middle(name, ms))}`);
        });
      }
    }),
  );
  expect(trace.entries).toEqual([
    [10, "b: b"],
    [20, "b: b"],
    [25, "c: c"],
    [31, "a: a"],
    [50, "c: c"],
    [62, "a: a"],
  ]);
});
