// What a release would do, tried in a copy of the workspace: its manifests, its configuration of changesets, and changesets of the test's.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";

const workspace = path.resolve(import.meta.dirname, "../../..");
const packages = readdirSync(path.join(workspace, "packages"));
const MINUTES = 60_000;

class Copy implements Disposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), "trestle-release-"));

  constructor() {
    const manifests = packages.map((name) => `packages/${name}/package.json`);
    const files = ["package.json", "pnpm-workspace.yaml", ".changeset/config.json"];
    for (const file of [...files, "tooling/packaging/changelog.cjs", ...manifests]) {
      mkdirSync(path.dirname(path.join(this.folder, file)), { recursive: true });
      cpSync(path.join(workspace, file), path.join(this.folder, file));
    }
    symlinkSync(path.join(workspace, "node_modules"), path.join(this.folder, "node_modules"));
    this.#git("init", "--quiet");
  }

  /** Describes changes, and makes them versions. */
  release(changes: Readonly<Record<string, "patch" | "minor" | "major">>, summary: string): void {
    const lines = Object.entries(changes).map(([name, bump]) => `"${name}": ${bump}`);
    const text = `---\n${lines.join("\n")}\n---\n\n${summary}\n`;
    writeFileSync(path.join(this.folder, ".changeset", "change.md"), text);
    this.#git("add", "--all");
    const own = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
    this.#git(...own, "commit", "--quiet", "--message", "a change");
    const changesets = createRequire(import.meta.url).resolve("@changesets/cli/bin.js");
    execFileSync(process.execPath, [changesets, "version"], { cwd: this.folder, stdio: "pipe" });
  }

  /** The versions of all packages. */
  versions(): Record<string, string> {
    return Object.fromEntries(packages.map((name) => [name, this.#manifest(name).version]));
  }

  changelog(name: string): string {
    return readFileSync(path.join(this.folder, "packages", name, "CHANGELOG.md"), "utf8");
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #manifest(name: string): { version: string } {
    const file = path.join(this.folder, "packages", name, "package.json");
    return JSON.parse(readFileSync(file, "utf8")) as { version: string };
  }

  #git(...commandLine: string[]): void {
    execFileSync("git", commandLine, { cwd: this.folder, stdio: "pipe" });
  }
}

const all = Object.fromEntries(
  packages.map((name) => [name === "trestle" ? name : `@trestle/${name}`, "minor" as const]),
);

test("each package has a version of its own", { timeout: 5 * MINUTES }, () => {
  using copy = new Copy();
  copy.release(all, "The first release.");
  expect(new Set(Object.values(copy.versions()))).toEqual(new Set(["0.1.0"]));

  // A correction is of one package: the ranges of the others take it without a release.
  copy.release({ "@trestle/structured": "patch" }, "A correction.");
  const first = Object.fromEntries(packages.map((name) => [name, "0.1.0"]));
  expect(copy.versions()).toEqual({ ...first, structured: "0.1.1" });

  // What its users meet takes those along that depend on it. The leaves go with any version of a runtime, and stay.
  copy.release({ "@trestle/loop": "minor" }, "Something new.");
  expect(copy.versions()).toEqual({
    ...first,
    structured: "0.1.1",
    loop: "0.2.0",
    bridge: "0.1.1",
    trestle: "0.1.1",
  });
});

test.for(packages)("what %s takes in our versions is a package of ours", (name) => {
  const manifest = JSON.parse(
    readFileSync(path.join(workspace, "packages", name, "package.json"), "utf8"),
  ) as { dependencies?: object; peerDependencies?: object };
  const ranges = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies });
  const ofOurs = ranges.filter(([, range]) => String(range).startsWith("workspace:"));
  for (const [other] of ofOurs) expect(Object.keys(all)).toContain(other);
});

test("a changelog says what changed, and with what", { timeout: 5 * MINUTES }, () => {
  using copy = new Copy();
  copy.release(
    { "@trestle/host": "minor", "@trestle/loop": "minor" },
    "Something new.\n\nAnd how to use it.",
  );
  expect(copy.changelog("loop")).toBe(
    `# @trestle/loop

## 0.1.0

### Minor Changes

- Something new.

  And how to use it.

### Patch Changes

- Made with \`@trestle/host\` 0.1.0.
`,
  );
});
