import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { askVersion } from "@trestle-tooling/platforms/ask-version";
import { findRuntime } from "@trestle-tooling/platforms/find-runtime";
import { jsrManifest, jsrPackages, layOut } from "../jsr.js";

const packages = path.resolve(import.meta.dirname, "../../../packages");
const MINUTES = 60_000;

test.for(jsrPackages())("the jsr.json of %s says what its package.json does", (folder) => {
  const written: unknown = JSON.parse(
    readFileSync(path.join(packages, folder, "jsr.json"), "utf8"),
  );
  expect(written, "run `node tooling/packaging/jsr.js`").toEqual(jsrManifest(folder));
});

test("names the entries of a package, and a package in the scope", () => {
  expect(jsrManifest("trestle")).toMatchObject({
    name: "@trestle/trestle",
    exports: { ".": "./dist/index.js", "./loop": "./dist/loop.js" },
  });
});

test("deno takes what is laid out for JSR", { timeout: 3 * MINUTES }, (context) => {
  const found = findRuntime("deno");
  if ("missing" in found) return context.skip(found.missing);
  const answer = askVersion(found.binary);
  if ("unable" in answer) return context.skip(answer.unable);
  const unbuilt = jsrPackages().filter((name) => !existsSync(path.join(packages, name, "dist")));
  expect(unbuilt, "run `pnpm build` first").toEqual([]);
  const stage = mkdtempSync(path.join(tmpdir(), "trestle-jsr-"));
  try {
    layOut(stage);
    const dryRun = ["publish", "--dry-run", "--allow-dirty", "--no-check"];
    const output = execFileSync(found.binary, dryRun, {
      cwd: stage,
      encoding: "utf8",
      // What it writes goes to stderr.
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    expect(output).toBe("");
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
});
