import { expect, test } from "vitest";
import { bareYield } from "../rules/bare-yield.js";
import { places } from "./planted.js";

test("finds a yield without * outside of suspend", () => {
  const found = places(bareYield, {
    "packages/structured/src/nursery.ts": "function* open() {\n  yield 1;\n}",
    "packages/bridge/src/suspend.ts": "function* cross() { yield; }",
  });
  expect(found).toEqual([
    "packages/bridge/src/suspend.ts:1",
    "packages/structured/src/nursery.ts:2",
  ]);
});

test("lets suspend yield, and everybody yield*", () => {
  const found = places(bareYield, {
    "packages/structured/src/suspend.ts": "function* suspend() { yield 1; }",
    "packages/structured/src/sleep.ts": "function* sleep() { yield* suspend(); }",
    "packages/loop/src/queue.ts": "async function* items() { yield 1; }",
    "packages/executor/src/map-jobs.ts": "async function* items() { yield 1; }",
    "packages/structured/test/nursery.test.ts": "function* wrong() { yield 1; }",
  });
  expect(found).toEqual([]);
});
