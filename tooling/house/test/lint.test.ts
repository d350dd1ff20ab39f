import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";

const workspace = path.resolve(import.meta.dirname, "../../..");

// The linter looks there for its type-aware half.
const withOwnPrograms = [path.join(workspace, "node_modules/.bin"), process.env["PATH"]].join(
  path.delimiter,
);

// Without its type-aware half the linter is silent about all of these.
test("the linter finds promises and futures that nobody waits for", () => {
  const found = lint(`
    class Future { then(ok: (value: number) => void, bad?: (error: unknown) => void) { ok(1); bad?.(1); } }
    async function later(): Promise<number> { return 1; }
    export async function main(): Promise<void> {
      later();
      later().then((value) => value + 1);
      [1, 2].map(later);
      new Future();
      [1, 2].forEach(async () => { await later(); });
      if (later()) throw new Error("a promise is always true");
      await later();
      void later();
    }
  `);
  expect(found).toEqual([
    "5 no-floating-promises",
    "6 no-floating-promises",
    "7 no-floating-promises",
    "8 no-floating-promises",
    "9 no-misused-promises",
    "10 no-misused-promises",
  ]);
});

/** The line and rule of each of the linter's findings about promises. */
function lint(text: string): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), "lint-"));
  try {
    const compilerOptions = { strict: true, target: "ES2023", module: "NodeNext", types: [] };
    writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    writeFileSync(path.join(folder, "planted.ts"), text);
    const linter = path.join(workspace, "node_modules/oxlint/bin/oxlint");
    const config = path.join(workspace, ".oxlintrc.json");
    const { stdout } = spawnSync(
      process.execPath,
      [linter, "--type-aware", "--config", config, "--format=unix", "planted.ts"],
      { cwd: folder, encoding: "utf8", env: { ...process.env, PATH: withOwnPrograms } },
    );
    return [...stdout.matchAll(/:(\d+):\d+: .*\((no-(?:floating|misused)-promises)\)/gu)]
      .map(([, line, rule]) => `${line} ${rule}`)
      .toSorted((left, right) => Number.parseInt(left, 10) - Number.parseInt(right, 10));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
