import { expect, test } from "vitest";
import { bareTimers } from "../rules/bare-timers.js";
import { places, problems } from "./planted.js";

test("finds the platform's timers, queues and clocks", () => {
  const found = problems(bareTimers, {
    "packages/structured/src/sleep.ts": `
      import { setTimeout as wait } from "node:timers/promises";
      setTimeout(() => {}, 1);
      const later = setImmediate;
      queueMicrotask(() => {});
      globalThis.setInterval(() => {}, 1);
      process.nextTick(() => {});
      performance.now();
      globalThis.performance.now();
      Date.now();
      new Date();
      AbortSignal.timeout(1);
      const { setTimeout: alias } = globalThis;
    `,
  });
  expect(found.map((problem) => problem.split(" belongs")[0])).toEqual([
    "node:timers/promises",
    "setTimeout",
    "setImmediate",
    "queueMicrotask",
    "setInterval",
    "process.nextTick",
    "performance.now",
    "performance.now",
    "Date.now",
    "new Date()",
    "AbortSignal.timeout",
    "setTimeout",
  ]);
});

test("lets host have them, and everybody a member of that name", () => {
  const found = places(bareTimers, {
    "packages/host/src/node-host.ts": "setImmediate(() => {}); performance.now();",
    "packages/loop/src/handle.ts": `
      host.setTimeout(() => {});
      const timers = { setTimeout: 1 };
      class Clock { setTimeout() {} }
      new Date(2000, 1);
      loop.now();
      // setTimeout() in a comment
    `,
    "packages/loop/test/handle.test.ts": "setTimeout(() => {}, 1);",
  });
  expect(found).toEqual([]);
});
