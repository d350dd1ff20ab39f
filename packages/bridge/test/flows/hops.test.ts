// What a crossing costs are the hops of the platform more than anything else: each lets all microtasks run.
import type { Operation } from "@trestle/structured";
import { afterEach, expect, test, vi } from "vitest";
import { asLoop, asStructured, run } from "../../src/index.js";

const CALLS = 200;

afterEach(() => {
  vi.restoreAllMocks();
});

async function hopsFor(call: () => Operation<unknown>): Promise<number> {
  const ticks = vi.spyOn(process, "nextTick");
  const immediates = vi.spyOn(globalThis, "setImmediate");
  let before = 0;
  const count = (): number => ticks.mock.calls.length + immediates.mock.calls.length;
  await run(function* () {
    before = count();
    for (let i = 0; i < CALLS; i++) yield* call();
    before = count() - before;
  });
  return before / CALLS;
}

test("a call into the loop takes one hop", async () => {
  expect(await hopsFor(asStructured(async () => {}))).toBeLessThan(1.3);
});

test("a call into the loop and back takes three", async () => {
  const back = asLoop(function* () {
    return 1;
  });
  expect(await hopsFor(asStructured(async () => back()))).toBeLessThan(3.3);
});
