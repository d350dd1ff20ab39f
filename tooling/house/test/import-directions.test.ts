import { expect, test } from "vitest";
import { importDirections } from "../rules/import-directions.js";
import { manifest, places, problems } from "./planted.js";

test("finds an import that points up", () => {
  const found = problems(importDirections, {
    "packages/host/src/clock.ts": `import type { Trace } from "@trestle/testing";`,
  });
  expect(found).toEqual([
    "host/src may not import @trestle/testing: it may import no other package",
  ]);
});

test("finds an import through the wall between the runtimes, however it is written", () => {
  const found = places(importDirections, {
    "packages/loop/src/future.ts": [
      `import { host } from "@trestle/host";`,
      `export { run } from "@trestle/structured";`,
      `type Task = import("@trestle/structured").Task;`,
      `const later = () => import("@trestle/structured/lowlevel");`,
    ].join("\n"),
  });
  expect(found).toEqual([2, 3, 4].map((line) => `packages/loop/src/future.ts:${line}`));
});

test("finds testing in a package's sources, and lets its tests have it", () => {
  const found = places(importDirections, {
    "packages/bridge/src/open-loop.ts": `import { Trace } from "@trestle/testing";`,
    "packages/bridge/test/open-loop.test.ts": [
      `import { Trace } from "@trestle/testing";`,
      `import { run } from "@trestle/structured";`,
      `import { openLoop } from "@trestle/bridge";`,
    ].join("\n"),
    "packages/host/test/clock.test.ts": `import { Trace } from "@trestle/testing";`,
  });
  expect(found).toEqual([
    "packages/bridge/src/open-loop.ts:1",
    "packages/host/test/clock.test.ts:1",
  ]);
});

test("lets a leaf's dialect entry name its own runtime only", () => {
  const found = places(importDirections, {
    "packages/io/src/structured.ts": `import { suspend } from "@trestle/structured/lowlevel";`,
    "packages/io/src/structured/process.ts": `import { run } from "@trestle/structured";`,
    "packages/io/src/loop.ts": `import { run } from "@trestle/structured";`,
    "packages/io/src/process.ts": `import { run } from "@trestle/loop";`,
  });
  expect(found).toEqual(["packages/io/src/loop.ts:1", "packages/io/src/process.ts:1"]);
});

test("finds a package that imports itself by name, and one that is not in the table", () => {
  const found = problems(importDirections, {
    "packages/loop/src/task.ts": `import { Future } from "@trestle/loop";`,
    "packages/extra/src/extra.ts": "",
  });
  expect(found).toEqual([
    "the package extra has no row in the table of import directions",
    "@trestle/loop is this package itself",
  ]);
});

test("finds a dependency that points up in a package.json", () => {
  const found = problems(importDirections, {
    "packages/host/package.json": manifest("host", {
      devDependencies: { "@trestle/testing": "workspace:^" },
    }),
    "packages/bridge/package.json": manifest("bridge", {
      dependencies: { "@trestle/loop": "workspace:^", "left-pad": "1.0.0" },
      devDependencies: { "@trestle/testing": "workspace:^" },
    }),
  });
  expect(found).toEqual(["@trestle/host may not have @trestle/testing in its devDependencies"]);
});
