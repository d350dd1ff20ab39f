import path from "node:path";
import { expect, test } from "vitest";
import { rules } from "../rules.js";
import { readWorkspace } from "../workspace.js";

test(
  "reads this workspace: its packages, their sources, nothing that was built or installed",
  { timeout: 60_000 },
  () => {
    const workspace = readWorkspace(path.resolve(import.meta.dirname, "../../.."));
    const paths = [...workspace.texts.keys()];
    expect(paths).toContain("package.json");
    expect(paths).toContain("packages/host/src/index.ts");
    expect(paths.filter((name) => /node_modules|\bdist\//u.test(name))).toEqual([]);
    expect([...workspace.manifests.keys()]).toContain("@trestle/bridge");
  },
);

test("has each rule under the name of its file", () => {
  const workspace = readWorkspace(path.resolve(import.meta.dirname, "../../.."));
  const files = [...workspace.texts.keys()]
    .filter((name) => name.startsWith("tooling/house/rules/"))
    .map((name) => path.basename(name, ".js"));
  expect(Object.keys(rules)).toEqual(files);
});
