import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPackage, PackageNameError } from "../create-package.js";

const workspace = path.resolve(import.meta.dirname, "../../..");
let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "trestle-new-"));
  for (const folder of [
    "packages/host",
    "packages/testing",
    "tooling/house",
    "tooling/packaging",
    ".changeset",
  ]) {
    cpSync(path.join(workspace, folder), path.join(root, folder), {
      recursive: true,
      filter: (file) => !/[\\/](?:node_modules|dist|test)$/u.test(file),
    });
  }
  symlinkSync(path.join(workspace, "node_modules"), path.join(root, "node_modules"));
  cpSync(path.join(workspace, "docs/errors.md"), path.join(root, "docs/errors.md"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("creates a package that keeps the rules of the house", { timeout: 60_000 }, () => {
  const files = createPackage(root, "cron-tab");
  expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  // The rules are the copy's own: they have to know the package's place in the order.
  const check = path.join(root, "tooling/house/check.js");
  const { stdout, stderr } = spawnSync(process.execPath, [check], { encoding: "utf8" });
  expect(stdout).toBe("");
  // What the copy lacks of the workspace is found as well.
  expect(stderr.split("\n").filter((line) => line.includes("cron-tab"))).toEqual([]);
});

test("adds it to what is checked before it is published", () => {
  createPackage(root, "cron");
  const file = path.join(root, "tooling/packaging/package.json");
  const { dependencies } = JSON.parse(readFileSync(file, "utf8")) as {
    dependencies: Record<string, string>;
  };
  expect(dependencies).toHaveProperty(["@trestle/cron"], "workspace:^");
  expect(Object.keys(dependencies)).toEqual(Object.keys(dependencies).toSorted());
});

test.each([
  [
    "Cron",
    "Cannot create the package 'Cron': a name is of small letters, digits and single hyphens.",
  ],
  [
    "../cron",
    "Cannot create the package '../cron': a name is of small letters, digits and single hyphens.",
  ],
  ["host", "Cannot create the package 'host': there is one of that name."],
])("refuses %s", (name, message) => {
  expect(() => createPackage(root, name)).toThrow(new PackageNameError(message));
});
