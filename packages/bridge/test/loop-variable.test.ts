import { run } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { expect, test, vi } from "vitest";
import { loopVariable } from "../src/loop-variable.js";
import { virtualBridge } from "./virtual-bridge.js";

test("is undefined outside of blocks", async () => {
  expect(loopVariable.get()).toBeUndefined();
  await run(
    function* () {
      expect(loopVariable.get()).toBeUndefined();
    },
    { host: new VirtualHost() },
  );
});

test("is one for all copies of this package", async () => {
  vi.resetModules();
  const copy = await import("../src/loop-variable.js");
  expect(copy.loopVariable).toBe(loopVariable);
});

test("lets a copy of this package cross in a loop that another copy has opened", async () => {
  const { run: runHere } = virtualBridge();
  vi.resetModules();
  const copy = await import("../src/index.js");
  const value = await runHere(function* (loop) {
    expect(copy.currentLoop()).toBe(loop);
    const there = copy.asLoop(function* () {
      return copy.currentLoop() === loop;
    });
    return yield* copy.asStructured(async () => there())();
  });
  expect(value).toBe(true);
});
