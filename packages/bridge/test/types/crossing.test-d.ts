// What crosses keeps its types.
import { sleep, type Future } from "@trestle/loop";
import {
  moveOnAfter,
  openNursery,
  sleep as structuredSleep,
  type Operation,
  type RunOptions,
  type ScopeResult,
  type TaskStatus,
} from "@trestle/structured";
import { expectTypeOf, test } from "vitest";
import {
  asLoop,
  asStructured,
  awaitFuture,
  currentLoop,
  openLoop,
  run,
  type CrossingOptions,
  type LoopOptions,
  type StructuredEventLoop,
} from "../../src/index.js";

const load = async (url: string, retries?: number): Promise<number> => url.length + (retries ?? 0);

function* crawl(url: string): Operation<number> {
  yield* structuredSleep(10);
  return url.length;
}

test("an async function becomes a structured one of the same parameters and value", () => {
  expectTypeOf(asStructured(load)).toEqualTypeOf<
    (url: string, retries?: number) => Operation<number>
  >();
  expectTypeOf(asStructured(async () => {})).toEqualTypeOf<() => Operation<void>>();
  expectTypeOf(asStructured((ms: number) => sleep(ms, "rested"))).toEqualTypeOf<
    (ms: number) => Operation<string>
  >();
});

test("a Future or a promise becomes an operation of its value", () => {
  expectTypeOf(asStructured(Promise.resolve(1))).toEqualTypeOf<Operation<number>>();
  expectTypeOf(asStructured({} as Future<string>)).toEqualTypeOf<Operation<string>>();
  expectTypeOf(awaitFuture({} as Future<string>)).toEqualTypeOf<Operation<string>>();
});

test("a structured function becomes a loop-flavored one of the same parameters and value", () => {
  expectTypeOf(asLoop(crawl)).toEqualTypeOf<(url: string) => Future<number>>();
  expectTypeOf(asLoop((ms: number) => structuredSleep(ms))).toEqualTypeOf<
    (ms: number) => Future<void>
  >();
  expectTypeOf(asLoop(() => moveOnAfter(1, () => crawl("a")))).toEqualTypeOf<
    () => Future<ScopeResult<number>>
  >();
});

test("there and back is the same again", () => {
  expectTypeOf(asStructured(asLoop(crawl))).toEqualTypeOf<(url: string) => Operation<number>>();
  expectTypeOf(asLoop(asStructured(async (n: number) => String(n)))).toEqualTypeOf<
    (n: number) => Future<string>
  >();
});

test("a block and a run give the value of their body, which receives the loop", () => {
  expectTypeOf(openLoop(() => crawl("a"))).toEqualTypeOf<Operation<number>>();
  expectTypeOf(run(() => crawl("a"))).toEqualTypeOf<Promise<number>>();
  expectTypeOf(run).parameter(1).toEqualTypeOf<(RunOptions & LoopOptions) | undefined>();
  expectTypeOf(openLoop).parameter(1).toEqualTypeOf<LoopOptions | undefined>();
  void openLoop(function* (loop) {
    expectTypeOf(loop).toEqualTypeOf<StructuredEventLoop>();
    expectTypeOf(yield* loop.runAsync(load, "a")).toEqualTypeOf<number>();
    expectTypeOf(loop.structuredAsFuture(crawl, "a")).toEqualTypeOf<Future<number>>();
    expectTypeOf(yield* loop.synchronize()).toEqualTypeOf<void>();
  });
});

test("wrappers fit where a function of their flavor is wanted", () => {
  void openNursery(function* (nursery) {
    nursery.startSoon(asStructured(load), "a", 1);
    const serve = asStructured(async (status: TaskStatus<number>) => status.started(1));
    expectTypeOf(yield* nursery.start(serve)).toEqualTypeOf<number>();
  });
  expectTypeOf(currentLoop()).toEqualTypeOf<StructuredEventLoop | undefined>();
  expectTypeOf<CrossingOptions>().toEqualTypeOf<{ readonly loop?: StructuredEventLoop }>();
});
