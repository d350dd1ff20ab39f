import { allTasks, CancelledError, currentTask, sleep, type Task } from "@trestle/loop";
import {
  CancelScope,
  checkpoint,
  openNursery,
  sleep as structuredSleep,
} from "@trestle/structured";
import { describe, expect, test } from "vitest";
import { asStructured } from "../src/index.js";
import { isAsyncIterable, IteratorHost } from "../src/iterator-host.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

describe("the task of an iterator", () => {
  test("is one for all steps, from the first to the cleanup (defect 2)", async () => {
    const { run } = virtualBridge();
    const seen: (Task<unknown> | undefined)[] = [];
    const items = asStructured(async function* pages() {
      try {
        for (;;) {
          seen.push(currentTask());
          await sleep(1);
          seen.push(currentTask());
          yield;
        }
      } finally {
        await sleep(1);
        seen.push(currentTask());
      }
    });
    await run(() =>
      items().open(function* (handle) {
        yield* handle.next();
        yield* checkpoint();
        yield* handle.next();
      }),
    );
    expect(seen.length).toBe(5);
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]?.name).toBe("pages");
  });

  test("closes the iterator where it is cancelled between two steps, and the next step tells", async () => {
    const { run, log, trace } = virtualBridge();
    const items = asStructured(async function* pages() {
      try {
        yield { task: currentTask() };
      } finally {
        await sleep(5);
        log("cleaned up");
      }
    });
    const error = await rejectionOf(
      run(() =>
        items().each(function* ({ task }) {
          task?.cancel();
          yield* structuredSleep(20);
        }),
      ),
    );
    expect(error).toBeInstanceOf(CancelledError);
    expect((error as Error).message).toBe(
      "task 'pages', which goes through an async iterable, has ended",
    );
    expect(trace.entries).toEqual([[5, "cleaned up"]]);
  });

  test("passes somebody else's cancellation of a step on as an error", async () => {
    const { run } = virtualBridge();
    const items = asStructured(async function* () {
      yield { task: currentTask() };
      await sleep(100);
    });
    const error = await rejectionOf(
      run((loop) =>
        items().each(function* ({ task }) {
          loop.callLater(10, () => task?.cancel("enough"));
          yield* checkpoint();
        }),
      ),
    );
    expect(error).toBeInstanceOf(CancelledError);
    expect((error as Error).message).toBe("enough");
  });

  test("that was cancelled before its first step answers all the same", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      const host = new IteratorHost(loop, async function* () {}, "pages");
      for (const task of allTasks(loop)) task.cancel();
      const errors: unknown[] = [];
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          try {
            yield* host.next([]);
          } catch (error) {
            errors.push(error);
          }
        });
      });
      expect(errors).toEqual([expect.any(CancelledError)]);
      yield* host.close();
      yield* host.close();
    });
  });

  test("takes a cancellation that found nothing to interrupt back", async () => {
    const { run } = virtualBridge();
    let host: Task<unknown> | undefined;
    const counts: (number | undefined)[] = [];
    const items = asStructured({
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          host ??= currentTask();
          counts.push(host?.cancelling());
          // It is not the loop's, so nothing interrupts it.
          await Promise.resolve();
          return { done: false, value: 1 } as IteratorResult<number>;
        },
        return: async () => {
          counts.push(host?.cancelling());
          await sleep(5);
          counts.push(-1);
          return { done: true as const, value: undefined };
        },
      }),
    });
    await run(() =>
      items.open(function* (handle) {
        const scope = new CancelScope();
        yield* scope.run(function* () {
          // The step is in its turn, in the loop, when the cancellation comes.
          yield* openNursery(function* (nursery) {
            nursery.startSoon(() => handle.next());
            yield* checkpoint();
            scope.cancel();
          });
        });
        yield* handle.next();
      }),
    );
    expect(counts.at(-1)).toBe(-1);
    expect(counts.slice(0, -1).every((count) => count === 0)).toBe(true);
  });
});

test("an async iterable is known by its method", () => {
  expect(isAsyncIterable((async function* () {})())).toBe(true);
  expect(isAsyncIterable({ [Symbol.asyncIterator]: 5 })).toBe(false);
  expect([undefined, null, 5, [1], { next() {} }].some(isAsyncIterable)).toBe(false);
});

// At each await of the loop's side, and of the structured one, a cancellation comes once; the iterator has always been closed.
describe("a cancellation at any moment", () => {
  test.each(Array.from({ length: 14 }, (_, ms) => ms + 1))("at %i ms closes it", async (ms) => {
    const { run, log, trace } = virtualBridge();
    const items = asStructured(async function* () {
      log("begun");
      try {
        for (;;) {
          await sleep(2);
          await sleep(2);
          yield;
        }
      } finally {
        log("cleaned up");
      }
    });
    await run(function* (loop) {
      const scope = new CancelScope({ relativeDeadline: ms });
      yield* scope.run(() =>
        items().each(function* () {
          yield* structuredSleep(1);
          yield* asStructured(sleep)(1);
        }),
      );
      log(`caught: ${scope.cancelledCaught}`);
      expect(allTasks(loop).size).toBe(0);
    });
    expect(trace.entries).toEqual([
      [0, "begun"],
      [ms, "cleaned up"],
      [ms, "caught: true"],
    ]);
  });
});
