import { VirtualHost } from "@trestle/testing";
import { afterAll, expect, test } from "vitest";
import { FutureStacks } from "../src/future-stacks.js";
import { EventLoop } from "../src/event-loop.js";
import type { Future } from "../src/future.js";
import { core } from "../src/internals.js";

const loop = new EventLoop({ host: new VirtualHost() });
afterAll(() => loop.close());

/** A future, and the stacks of the calls of its `then`. */
function open(): { future: Future<void>; stacks: string[] } {
  const future = loop.createFuture<void>();
  const inside = future[core];
  inside.stacks = new FutureStacks(future, "made here");
  const stacks: string[] = [];
  const known = inside.stacks;
  const take = known.take.bind(known);
  known.take = (then) => {
    const stack = take(then);
    stacks.push(stack);
    return stack;
  };
  return { future, stacks };
}

test("tells awaits of several async functions, and calls, each with its own stack", async () => {
  const { future, stacks } = open();
  const one = (async function one() {
    await future;
  })();
  const two = (async function two() {
    await future;
  })();
  const three = (function three() {
    return future.then(() => {});
  })();
  await Promise.resolve();
  expect(stacks.map((stack) => /at (?:async )?(\w+)/u.exec(stack)?.[1])).toEqual([
    "three",
    "one",
    "two",
  ]);
  const running = loop.runUntilComplete(future);
  future.setResult();
  await running;
  await Promise.all([one, two, three]);
});
