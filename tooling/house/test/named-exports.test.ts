import { expect, test } from "vitest";
import { namedExports } from "../rules/named-exports.js";
import { places } from "./planted.js";

test("finds export * and every form of a default export", () => {
  const path = "packages/loop/src/index.ts";
  const lines = [
    `export * from "./future.js";`,
    `export * as sync from "./sync/lock.js";`,
    `export default function run() {}`,
    `export { run as default };`,
    `export default 1;`,
    `export { Future } from "./future.js";`,
    `export const one = 1;`,
  ];
  const found = places(namedExports, { [path]: lines.join("\n") });
  expect(found).toEqual([1, 2, 3, 4, 5].map((line) => `${path}:${line}`));
});

test("leaves configuration files and tests alone", () => {
  const found = places(namedExports, {
    "packages/loop/vitest.config.ts": "export default {};",
    "packages/loop/test/fixture.ts": "export default {};",
  });
  expect(found).toEqual([]);
});
