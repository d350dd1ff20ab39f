import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll } from "vitest";

/** How a child ended, and what it printed. */
export interface ChildResult {
  readonly code: number;
  readonly lines: readonly string[];
}

/** Patience for a child that hangs, in milliseconds: it is killed then, and its code is -1. */
const PATIENCE_MS = 15_000;

/**
 * Gives a function that runs a program in a Node process of its own, where `host` is this package from source. A process
 * of its own is what shows whether a host keeps the process alive.
 */
export function childPrograms(): (program: string) => Promise<ChildResult> {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "trestle-host-"));
    await build({
      configFile: false,
      logLevel: "silent",
      build: {
        lib: {
          entry: fileURLToPath(new URL("../src/index.ts", import.meta.url)),
          formats: ["es"],
          fileName: "host",
        },
        outDir: folder,
        target: "node20",
        minify: false,
      },
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return (program) =>
    runChild(
      `import * as host from ${JSON.stringify(pathToFileURL(path.join(folder, "host.js")))};\n${program}`,
    );
}

function runChild(source: string): Promise<ChildResult> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ["--input-type=module", "--eval", source],
      { timeout: PATIENCE_MS },
      (_error, stdout, stderr) => {
        const lines = `${stdout}${stderr}`.split("\n").filter((line) => line !== "");
        resolve({ code: child.exitCode ?? -1, lines });
      },
    );
  });
}
