import { expect, test } from "vitest";
import { deepImports } from "../rules/deep-imports.js";
import { problems } from "./planted.js";

test("finds an import of another package's file", () => {
  const found = problems(deepImports, {
    "packages/bridge/src/as-loop.ts": [
      `import { Future } from "@trestle/loop/src/future.js";`,
      `import { Task } from "../../structured/src/task.js";`,
      `import { nothing } from "@trestle/nothing";`,
    ].join("\n"),
  });
  expect(found).toEqual([
    "@trestle/loop/src/future.js is not in the exports of @trestle/loop",
    "../../structured/src/task.js leaves packages/bridge",
    "there is no package @trestle/nothing",
  ]);
});

test("finds it in tools and examples too", () => {
  const found = problems(deepImports, {
    "tooling/bench/src/main.ts": `import { run } from "../../../packages/structured/src/run.js";`,
    "docs/examples/hello/src/main.ts": `import { run } from "@trestle/structured/run";`,
  });
  expect(found).toEqual([
    "@trestle/structured/run is not in the exports of @trestle/structured",
    "../../../packages/structured/src/run.js leaves tooling/bench",
  ]);
});

test("lets a package be imported by its entries, and a file by its relative path", () => {
  const found = problems(deepImports, {
    "packages/loop/test/future.test.ts": [
      `import { Future } from "@trestle/loop";`,
      `import { settle } from "../src/future.js";`,
      `import manifest from "@trestle/loop/package.json" with { type: "json" };`,
    ].join("\n"),
  });
  expect(found).toEqual([]);
});
