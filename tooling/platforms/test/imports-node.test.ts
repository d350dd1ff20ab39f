import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { importsNode } from "../imports-node.js";
import { workspaceRoot } from "../workspace-root.js";

/** Writes files below a folder of packages, and tells of one of them whether it needs Node. */
function needsNode(files: Readonly<Record<string, string>>, asked: string): boolean {
  const packages = mkdtempSync(path.join(tmpdir(), "trestle-imports-"));
  onTestFinished(() => rmSync(packages, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(packages, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return importsNode(path.join(packages, asked), packages);
}

test.for([
  ['import { once } from "node:events";', true],
  ['import {\n  once,\n} from "node:events";', true],
  ['import "node:events";', true],
  ['export { once } from "node:events";', true],
  ['const { once } = await import("node:events");', true],
  ['import type { Socket } from "node:net";', false],
  ['type Hooks = typeof import("node:async_hooks");', false],
  ['const hooks = process.getBuiltinModule("node:async_hooks");', false],
  ['import { expect } from "vitest";\n// from "node:events"', false],
] as const)("%s: %s", ([text, needed]) => {
  expect(needsNode({ "core/src/file.ts": text }, "core/src/file.ts")).toBe(needed);
});

test("follows imports into other files and packages, also in a circle", () => {
  const files = {
    "core/test/a.test.ts": 'import { b } from "./b.js";',
    "core/test/b.ts": 'import { c } from "@trestle/other/deep";\nimport { a } from "./a.test.js";',
    "other/src/deep.ts": 'import { connect } from "node:net";',
  };
  expect(needsNode(files, "core/test/a.test.ts")).toBe(true);
  const without = { ...files, "other/src/deep.ts": "export const c = 1;" };
  expect(needsNode(without, "core/test/a.test.ts")).toBe(false);
});

test.for(["host", "testing", "structured"])("the entry of %s needs no Node", (name) => {
  const packages = path.join(workspaceRoot, "packages");
  expect(importsNode(path.join(packages, name, "src", "index.ts"), packages)).toBe(false);
});
