// What must not compile: each line that mixes the flavors up is refused.
/* oxlint-disable await-thenable -- the linter refuses the same mistakes */
import { createTask, run as runLoop, type EventLoop } from "@trestle/loop";
import {
  CancelScope,
  openNursery,
  run as runStructured,
  sleep,
  type Operation,
} from "@trestle/structured";
import { test } from "vitest";
import { asLoop, asStructured, awaitFuture, openLoop, run } from "../../src/index.js";

const load = async (url: string): Promise<number> => url.length;

function* crawl(url: string): Operation<number> {
  yield* sleep(10);
  return url.length;
}

test("wrapping what is of that flavor already", () => {
  // @ts-expect-error -- a structured function is structured already
  asStructured(crawl);
  // @ts-expect-error -- so is an operation
  asStructured(crawl("a"));
  // @ts-expect-error -- an async function is loop-flavored already
  asLoop(load);
  // @ts-expect-error -- so is a promise
  asLoop(load("a"));
  // @ts-expect-error -- a plain function is of neither flavor
  asLoop((url: string) => url.length);
  // @ts-expect-error -- and needs no wrapper in structured code
  asStructured((url: string) => url.length);
});

test("running one flavor by the other's words", () => {
  void function* (): Operation<unknown> {
    // @ts-expect-error -- a promise is not run by 'yield*'
    yield* load("a");
    // @ts-expect-error -- nor is a Future
    yield* asLoop(crawl)("a");
    // @ts-expect-error -- a plain 'yield' is not for structured code
    yield load("a");
    // @ts-expect-error -- not for operations either
    yield crawl("a");
    return undefined;
  };
  void (async () => {
    // @ts-expect-error -- an operation is not awaited
    await crawl("a");
    // @ts-expect-error -- nor is that of a wrapped function
    await asStructured(load)("a");
    // @ts-expect-error -- nor a loop that is opened
    await openLoop(() => crawl("a"));
    // @ts-expect-error -- nor a nursery
    await openNursery(() => crawl("a"));
    // @ts-expect-error -- nor the body of a scope
    await new CancelScope().run(() => crawl("a"));
  });
  // @ts-expect-error -- an async function does not return an operation, which would be awaited
  void (async () => crawl("a"));
});

test("giving a block or a run a function of the wrong flavor", () => {
  // @ts-expect-error -- openLoop wants a structured body
  void openLoop(async () => {});
  // @ts-expect-error -- run of the bridge wants a structured main
  void run(async () => {});
  // @ts-expect-error -- so does that of structured code
  void runStructured(async () => load("a"));
  // @ts-expect-error -- a loop-flavored wrapper is no structured main
  void run(asLoop(() => crawl("a")));
  void openNursery(function* (nursery) {
    // @ts-expect-error -- a nursery takes structured children
    nursery.startSoon(load, "a");
    // @ts-expect-error -- a wrapped structured function is none any more
    nursery.startSoon(asLoop(crawl), "a");
    // @ts-expect-error -- nor is a promise
    nursery.startSoon(load("a"));
  });
  void openLoop(function* (loop) {
    // @ts-expect-error -- its calls back are structured
    void loop.structuredAsFuture(load, "a");
    // @ts-expect-error -- and its calls forth are not
    yield* loop.runAsync(crawl, "a");
  });
  // @ts-expect-error -- a task of a loop takes a loop-flavored function
  void (() => createTask(asStructured(load), "a"));
  // @ts-expect-error -- so does a run of a loop
  void (() => runLoop(() => crawl("a")));
});

test("giving arguments that do not fit", () => {
  // @ts-expect-error -- a wrapper keeps the parameters
  asStructured(load)(1);
  // @ts-expect-error -- all of them
  void asLoop(crawl)();
  // @ts-expect-error -- a plain promise has no loop: it goes to asStructured
  awaitFuture(load("a"));
  // @ts-expect-error -- calls across go to a loop of the bridge only
  asStructured(load, { loop: {} as EventLoop });
});
