import { expect, test } from "vitest";
import { bothRuntimes } from "../rules/both-runtimes.js";
import { places } from "./planted.js";

const both = `import { run } from "@trestle/structured/lowlevel";\nimport { Future } from "@trestle/loop";`;

test("finds a file that names both runtimes outside of the bridge", () => {
  expect(places(bothRuntimes, { "packages/io/src/process.ts": both })).toEqual([
    "packages/io/src/process.ts:2",
  ]);
});

test("lets the bridge name both, and another file name one of them twice", () => {
  const found = places(bothRuntimes, {
    "packages/bridge/src/as-loop.ts": both,
    "packages/io/src/structured.ts": `
      import { run } from "@trestle/structured";
      import { suspend } from "@trestle/structured/lowlevel";
    `,
  });
  expect(found).toEqual([]);
});
