// What a crossing costs are the hops of the platform more than anything else, each of which lets all microtasks run, and the
// promises of which Node tells its hooks.
import type { Operation } from "@trestle/structured";
import { createHook } from "node:async_hooks";
import { expect, test } from "vitest";
import { asLoop, asStructured, run } from "../../src/index.js";

const CALLS = 1000;

interface Cost {
  readonly hops: number;
  readonly promises: number;
}

/** What a call makes Node make, on average. In some milliseconds, one hop is another one's place for I/O. */
async function costOf(call: () => Operation<unknown>): Promise<Cost> {
  let [hops, promises] = [0, 0];
  const hook = createHook({
    init: (_id, type) => {
      if (type === "TickObject" || type === "Immediate") hops++;
      else if (type === "PROMISE") promises++;
    },
  });
  hook.enable();
  // The host looks for hooks when I/O has its turn: so its next turn is that.
  for (const until = performance.now() + 5; performance.now() < until;);
  try {
    await run(function* () {
      for (let i = 0; i < CALLS; i++) yield* call();
      [hops, promises] = [0, 0];
      for (let i = 0; i < CALLS; i++) yield* call();
      hook.disable();
    });
  } finally {
    hook.disable();
  }
  return { hops: Math.round(hops / CALLS), promises: Math.round(promises / CALLS) };
}

test("a call into the loop takes one hop, and the promises of its function and of who follows that", async () => {
  expect(await costOf(asStructured(async () => {}))).toEqual({ hops: 1, promises: 2 });
});

test("a call into the loop and back takes three hops, and no other promises", async () => {
  const back = asLoop(function* () {
    return 1;
  });
  expect(await costOf(asStructured(async () => back()))).toEqual({ hops: 3, promises: 2 });
});
