// The module that the tests run in threads, built to JavaScript once: a thread that has to read TypeScript begins ten times slower.
// It has its own copy of this package, as the modules of a bundled program have.
import { buildSync } from "esbuild";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { moduleRef } from "../src/module-ref.js";
import type { ModuleReference } from "../src/work-reference.js";

const folder = mkdtempSync(path.join(tmpdir(), "trestle-executor-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Builds a module of the tests, and gives the URL of the file. */
export function build(name: string): URL {
  const outfile = path.join(folder, `${name}.mjs`);
  buildSync({
    entryPoints: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["@trestle/source"],
    keepNames: false,
  });
  return pathToFileURL(outfile);
}

/** References to work.ts. */
export const work: ModuleReference<typeof import("./work.js")> = moduleRef<
  typeof import("./work.js")
>(build("work"));
