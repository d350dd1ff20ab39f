import { expect, test } from "vitest";
import { importCycles } from "../rules/import-cycles.js";
import { places, problems } from "./planted.js";

const one = "packages/structured/src/one.ts";
const two = "packages/structured/src/two.ts";
const three = "packages/structured/src/sync/three.ts";

test("finds a circle, and names the way round", () => {
  const texts = {
    [one]: `import { two } from "./two.js";`,
    [two]: `import { three } from "./sync/three.js";`,
    [three]: `\nexport { one } from "../one.js";`,
  };
  expect(problems(importCycles, texts)).toEqual([
    "a circle of imports: one.ts -> two.ts -> sync/three.ts -> one.ts",
  ]);
  expect(places(importCycles, texts)).toEqual([`${three}:2`]);
});

test("lets types refer to each other", () => {
  const texts = {
    [one]: `import { two } from "./two.js";`,
    [two]: `import type { One } from "./one.js"; export type { One } from "./one.js";`,
  };
  expect(places(importCycles, texts)).toEqual([]);
});

test("lets two files import the same third", () => {
  const texts = {
    [one]: `import { two } from "./two.js"; import { three } from "./sync/three.js";`,
    [two]: `import { three } from "./sync/three.js";`,
    [three]: "",
  };
  expect(places(importCycles, texts)).toEqual([]);
});
