import { expect, test } from "vitest";
import { manifests } from "../rules/manifests.js";
import { manifest, problems } from "./planted.js";

test("finds what a published package leaves out", () => {
  const found = problems(manifests, {
    "packages/loop/package.json": manifest("loop", {
      license: undefined,
      sideEffects: true,
      files: ["dist"],
      keywords: undefined,
      exports: {
        ".": { import: "./dist/index.js", "@trestle/source": "./src/index.ts" },
        "./extra": { "@trestle/source": "./src/extra.ts" },
      },
    }),
  });
  expect(found).toEqual([
    '"license" is not "MIT"',
    '"sideEffects" is not false',
    'no "keywords"',
    '"files" leaves out dist or src',
    'no "./package.json" in exports',
    '"." does not start with "@trestle/source"',
    "there is no packages/loop/src/extra.ts",
  ]);
});

test("asks nothing of tools and of private packages", () => {
  const found = problems(manifests, {
    "packages/loop/package.json": manifest("loop", { private: true, license: undefined }),
    "tooling/bench/package.json": JSON.stringify({ name: "bench" }),
  });
  expect(found).toEqual([]);
});
