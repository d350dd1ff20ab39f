/* oxlint-disable await-thenable -- the linter refuses the same mistakes */
// A plain `yield` is for Futures and promises, and for nothing else, and only inside of allowLoop.
import { sleep as loopSleep, type Future } from "@trestle/loop";
import { openNursery, run as runStructuredMain, sleep, type Operation } from "@trestle/structured";
import { expectTypeOf, test } from "vitest";
import { allowLoop, asStructured, type MixedOperation } from "../../src/index.js";

const load = async (url: string): Promise<number> => url.length;

function* mixed(url: string, retries?: number): MixedOperation<string> {
  yield* sleep(1);
  yield load(url);
  yield loopSleep(retries ?? 1);
  return url;
}

test("it gives an operation of the function's value, and takes its arguments", () => {
  expectTypeOf(allowLoop(mixed, "a")).toEqualTypeOf<Operation<string>>();
  expectTypeOf(allowLoop(mixed, "a", 1)).toEqualTypeOf<Operation<string>>();
  expectTypeOf(allowLoop(load, "a")).toEqualTypeOf<Operation<number>>();
  expectTypeOf(allowLoop((ms: number) => loopSleep(ms, "a"), 1)).toEqualTypeOf<Operation<string>>();
  expectTypeOf(allowLoop(sleep, 1)).toEqualTypeOf<Operation<void>>();
  expectTypeOf(
    allowLoop(function* () {
      yield load("a");
      return 5;
    }),
  ).toEqualTypeOf<Operation<number>>();
  // @ts-expect-error -- all arguments are wanted
  void allowLoop(mixed);
  // @ts-expect-error -- of their types
  void allowLoop(mixed, 1);
});

test("what a plain yield gives is unknown, and what yield* gives is not", () => {
  void allowLoop(function* () {
    const plain = yield load("a");
    expectTypeOf(plain).toEqualTypeOf<unknown>();
    // @ts-expect-error -- so it has to be said what it is
    const unsaid: number = yield load("a");
    const said = (yield load("a")) as number;
    const told = yield* asStructured(load("a"));
    expectTypeOf(told).toEqualTypeOf<number>();
    return [unsaid, said];
  });
});

test("only Futures, promises and thenables are yielded plainly", () => {
  void allowLoop(function* () {
    yield {} as Future<string>;
    yield {} as PromiseLike<string>;
  });
  // @ts-expect-error -- an operation wants its star
  void allowLoop(function* () {
    yield sleep(1);
  });
  // @ts-expect-error -- nothing is not waited for
  void allowLoop(function* () {
    yield;
  });
  // @ts-expect-error -- nor is a list
  void allowLoop(function* () {
    yield [load("a")];
  });
  // @ts-expect-error -- a plain function is no operation
  void allowLoop(() => 5);
});

test("the function is for allowLoop only", () => {
  // @ts-expect-error -- a run wants a structured function
  void runStructuredMain(() => mixed("a"));
  void openNursery(function* (nursery) {
    // @ts-expect-error -- so does a nursery
    nursery.startSoon(mixed, "a");
    nursery.startSoon(() => allowLoop(mixed, "a"));
    yield* allowLoop(mixed, "a");
  });
  // @ts-expect-error -- a body of structured code yields no promise
  void openNursery(function* () {
    yield load("a");
  });
  void function* (): Operation<void> {
    // @ts-expect-error -- it is not run by itself
    yield* mixed("a");
  };
  // @ts-expect-error -- and nothing of it is awaited
  void (async () => await allowLoop(mixed, "a"));
});
