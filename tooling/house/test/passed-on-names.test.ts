import { expect, test } from "vitest";
import { passedOnNames } from "../rules/passed-on-names.js";
import { places } from "./planted.js";

test("finds names of another package that are passed on, values and types", () => {
  const found = places(passedOnNames, {
    "packages/bridge/src/index.ts": `
      export { openLoop } from "./open-loop.js";
      export { run } from "@trestle/structured";
      export type { Future } from "@trestle/loop";
    `,
  });
  expect(found).toEqual(["packages/bridge/src/index.ts:3", "packages/bridge/src/index.ts:4"]);
});

test("lets trestle pass on everything, and a package the names of others than ours", () => {
  const found = places(passedOnNames, {
    "packages/trestle/src/index.ts": `export { run } from "@trestle/bridge";`,
    "packages/io/src/index.ts": `export { EventEmitter } from "node:events";`,
  });
  expect(found).toEqual([]);
});
