import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { build, fileOf, isFresh, sourceHash } from "../../native/build.js";
import type { Addon } from "../../src/readiness/addon.js";

const target = `${process.platform}-${process.arch}`;
const hasCompiler = spawnSync(process.env["CC"] ?? "cc", ["--version"]).status === 0;

function temporaryFile(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "trestle-native-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return path.join(folder, "readiness.node");
}

/** The text that a compiler leaves of itself. */
function compilerIn(file: string): string | undefined {
  return /GCC: \([^)]*\) [\d.]+/u.exec(readFileSync(file, "latin1"))?.[0];
}

test.each(["linux-x64", "linux-arm64"])(
  "the binary for %s is made of the sources that are here",
  (target) => {
    expect(isFresh(fileOf(target))).toBe(true);
  },
);

test.skipIf(!hasCompiler)(
  "is built from source, and by the same compiler becomes the same file",
  () => {
    const file = temporaryFile();
    expect(build(target, file)).toBe(undefined);
    const built = createRequire(import.meta.url)(file) as Addon;
    expect(built.sourceHash).toBe(sourceHash());
    const committed = fileOf(target);
    if (target !== "linux-x64" || compilerIn(file) !== compilerIn(committed)) return;
    expect(readFileSync(file).equals(readFileSync(committed))).toBe(true);
  },
);

test("says what is wrong where it cannot be built", () => {
  expect(build("plan9-mips", temporaryFile())).toBe(
    "there is nothing to watch descriptors by on plan9-mips",
  );
  expect(isFresh("/nowhere/readiness.node")).toBe(false);
});

test("fails only where the native part is required", () => {
  const script = path.join(import.meta.dirname, "../../native/build.js");
  const env = { PATH: path.dirname(process.execPath), CC: "no-such-compiler" };
  const attempt = (more: Record<string, string>) =>
    spawnSync(process.execPath, [script, "--force"], {
      env: { ...env, ...more },
      encoding: "utf8",
    });
  const optional = attempt({});
  expect(optional.status).toBe(0);
  expect(optional.stderr).toMatch(
    /^Cannot build the native part of @trestle\/io for .*: no-such-compiler does not run/,
  );
  expect(attempt({ REQUIRE_NATIVE: "1" }).status).toBe(1);
});
