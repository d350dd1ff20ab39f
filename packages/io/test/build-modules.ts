// The package as one file of JavaScript, for programs in processes and threads of their own: those read no TypeScript.
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll } from "vitest";

const entry = fileURLToPath(new URL("child-modules.ts", import.meta.url));
const packageFolder = path.dirname(path.dirname(entry));

/** Builds child-modules.ts before the tests of this file, and gives what names it then: its URL. */
export function useModules(): () => string {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "trestle-io-programs-"));
    await build({
      configFile: false,
      logLevel: "silent",
      ssr: { noExternal: true, resolve: { conditions: ["@trestle/source"] } },
      build: { ssr: entry, outDir: folder, target: "node20", minify: false },
    });
    // What it is made of finds the native part by the package's name.
    await mkdir(path.join(folder, "node_modules/@trestle"), { recursive: true });
    await symlink(packageFolder, path.join(folder, "node_modules/@trestle/io"));
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return () => pathToFileURL(path.join(folder, "child-modules.js")).href;
}
