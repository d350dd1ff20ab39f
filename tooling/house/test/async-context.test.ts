import { expect, test } from "vitest";
import { asyncContext } from "../rules/async-context.js";
import { places } from "./planted.js";

const text = `import { AsyncLocalStorage } from "node:async_hooks";`;

test("finds the platform's async context outside of its rooms", () => {
  const found = places(asyncContext, {
    "packages/bridge/src/flavor.ts": text,
    "packages/structured/src/task.ts": `process.getBuiltinModule("node:async_hooks");`,
  });
  expect(found).toEqual([
    "packages/bridge/src/flavor.ts:1",
    "packages/bridge/src/flavor.ts:1",
    "packages/structured/src/task.ts:1",
  ]);
});

test("lets each runtime and the bridge have it in one room, and tests everywhere", () => {
  const found = places(asyncContext, {
    "packages/loop/src/current.ts": text,
    "packages/structured/src/async-context.ts": text,
    "packages/bridge/src/carried-variables.ts": text,
    "packages/bridge/test/flavor.test.ts": text,
  });
  expect(found).toEqual([]);
});
