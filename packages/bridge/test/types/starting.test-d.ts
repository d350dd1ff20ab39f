/* oxlint-disable await-thenable -- the linter refuses the same mistakes */
// The functions that start code of the other flavor keep its types, and take no other.
import type { EventLoop, Future, Handle, Task } from "@trestle/loop";
import { sleep, type Operation } from "@trestle/structured";
import { expectTypeOf, test } from "vitest";
import {
  currentFlavor,
  newEventLoop,
  openLoop,
  runAsync,
  runInLoop,
  runStructured,
  runStructuredTask,
} from "../../src/index.js";

const load = async (url: string, retries?: number): Promise<number> => url.length + (retries ?? 0);

function* crawl(url: string): Operation<number> {
  yield* sleep(10);
  return url.length;
}

test("they keep parameters and values", () => {
  expectTypeOf(runAsync(load, "a", 1)).toEqualTypeOf<Operation<number>>();
  expectTypeOf(runStructured(crawl, "a")).toEqualTypeOf<Future<number>>();
  expectTypeOf(runStructuredTask(crawl, "a")).toEqualTypeOf<Handle>();
  expectTypeOf(runInLoop(() => crawl("a"))).toEqualTypeOf<Task<number>>();
  expectTypeOf(newEventLoop()).toEqualTypeOf<EventLoop>();
  expectTypeOf(currentFlavor()).toEqualTypeOf<"structured" | "loop" | undefined>();
  void openLoop(function* (loop) {
    expectTypeOf(loop.runStructuredTask(crawl, "a")).toEqualTypeOf<Handle>();
  });
});

test("they take no code of the wrong flavor", () => {
  // @ts-expect-error -- an async function is wanted
  void runAsync(crawl, "a");
  // @ts-expect-error -- a structured one
  void runStructured(load, "a");
  // @ts-expect-error -- here as well
  void runStructuredTask(load, "a");
  // @ts-expect-error -- and here
  void runInLoop(async () => {});
  // @ts-expect-error -- a function, not its call
  void runInLoop(crawl("a"));
  // @ts-expect-error -- nor this one
  void runAsync(load("a"));
  // @ts-expect-error -- with its arguments
  void runStructured(crawl);
});

test("what they give is of one flavor", () => {
  void (async () => {
    // @ts-expect-error -- an operation is not awaited
    await runAsync(load, "a");
  });
  void function* (): Operation<void> {
    // @ts-expect-error -- a Future is not run by 'yield*'
    yield* runStructured(crawl, "a");
    // @ts-expect-error -- nor is a task of a loop
    yield* runInLoop(() => crawl("a"));
  };
});
