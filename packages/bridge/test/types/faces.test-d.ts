// What a wrapped iterable or resource can be used for, and of what type its items and values are.
import type { Lock } from "@trestle/loop";
import { taskGroup, type Future, type TaskGroup } from "@trestle/loop";
import {
  Lock as StructuredLock,
  openMemoryChannel,
  openNursery,
  type Nursery,
  type Operation,
} from "@trestle/structured";
import { createReadStream, type ReadStream } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { expectTypeOf, test } from "vitest";
import {
  asLoop,
  asStructured,
  iterate,
  type Holding,
  type Iteration,
  type LoopHolding,
  type OpenResource,
  type StructuredEventLoop,
} from "../../src/index.js";

async function* count(to: number): AsyncGenerator<number, string, boolean> {
  for (let n = 1; n <= to; n++) yield n;
  return "counted";
}

test("async iterables keep the types of items, end and answers", () => {
  expectTypeOf(asStructured(count)).toEqualTypeOf<
    (to: number) => Iteration<number, string, boolean>
  >();
  expectTypeOf(asStructured(count(1))).toEqualTypeOf<Iteration<number, string, boolean>>();
  expectTypeOf(iterate({} as StructuredEventLoop, count(1))).toEqualTypeOf<
    Iteration<number, string, boolean>
  >();
  void asStructured(count(1)).each(function* (n) {
    expectTypeOf(n).toEqualTypeOf<number>();
  });
  void asStructured(count)(1).open(function* (numbers) {
    expectTypeOf(yield* numbers.next(true)).toEqualTypeOf<IteratorResult<number, string>>();
    // @ts-expect-error -- it is answered by a boolean
    yield* numbers.next("yes");
  });
  void function* (): Operation<unknown> {
    // @ts-expect-error -- it has no single value
    return yield* asStructured(count)(1);
  };
  // @ts-expect-error -- nor is it a resource
  void asStructured(count)(1).hold(function* () {});
});

test("resources keep the type of what they give", () => {
  const pair = { enter: async () => 5, exit: async () => {} };
  expectTypeOf(asStructured(pair)).toEqualTypeOf<Holding<number>>();
  expectTypeOf(asStructured({ hold: taskGroup })).toEqualTypeOf<Holding<TaskGroup>>();
  expectTypeOf(asStructured({} as Lock)).toEqualTypeOf<Holding<undefined>>();
  expectTypeOf(asStructured({} as AsyncDisposable)).toEqualTypeOf<Holding<AsyncDisposable>>();
  expectTypeOf(asStructured(() => pair)).toEqualTypeOf<() => Holding<number>>();
  expectTypeOf(asStructured(async (_host: string) => pair)).toExtend<
    (host: string) => Holding<number> & Operation<typeof pair>
  >();
  expectTypeOf(
    asStructured(pair).hold(function* (value, unit: string) {
      return `${value} ${unit}`;
    }, "apples"),
  ).toEqualTypeOf<Operation<string>>();
  // @ts-expect-error -- it gives no items
  void asStructured(pair).each(function* () {});
});

test("what has several faces can be used by each", () => {
  expectTypeOf(asStructured({} as ReadStream)).toExtend<Iteration<unknown> & Holding<ReadStream>>();
  expectTypeOf(asStructured(createReadStream)("a")).toExtend<Iteration<unknown>>();
  expectTypeOf(asStructured((path: string) => open(path))("a")).toExtend<
    Operation<FileHandle> & Holding<FileHandle>
  >();
});

test("structured sources and resources keep their types in loop code", () => {
  const [, receive] = openMemoryChannel<number>(0);
  expectTypeOf(asLoop(receive)).toExtend<AsyncIterable<number, undefined>>();
  const source = {
    *each(send: (item: string) => Operation<void>) {
      yield* send("item");
    },
  };
  expectTypeOf(asLoop(source)).toEqualTypeOf<AsyncIterable<string, undefined>>();
  expectTypeOf(asLoop({ hold: openNursery })).toEqualTypeOf<LoopHolding<Nursery>>();
  expectTypeOf(asLoop({ hold: openNursery }).open()).toEqualTypeOf<Future<OpenResource<Nursery>>>();
  expectTypeOf(asLoop(new StructuredLock())).toExtend<LoopHolding<unknown>>();
  const pair = {
    *enter(): Operation<number> {
      return 5;
    },
    *exit(): Operation<void> {},
  };
  expectTypeOf(asLoop(pair)).toEqualTypeOf<LoopHolding<number>>();
  expectTypeOf(asLoop(pair).hold(async (n) => String(n))).toEqualTypeOf<Future<string>>();
  const stream = { *aclose(): Operation<void> {} };
  expectTypeOf(asLoop(stream)).toEqualTypeOf<LoopHolding<typeof stream>>();
  expectTypeOf(asLoop({} as Operation<number>)).toEqualTypeOf<Future<number>>();
  // @ts-expect-error -- the function that holds it is loop-flavored
  void asLoop(pair).hold(function* () {});
});
