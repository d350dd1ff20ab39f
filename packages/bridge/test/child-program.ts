import { execFile, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
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

const entry = fileURLToPath(new URL("child-modules.ts", import.meta.url));

/**
 * Gives a function that runs a program in a Node process of its own, where `bridge`, `host`, `loop` and `structured` are those
 * packages from source. Only a process of its own shows whether anything keeps it alive, and takes signals. `onLine` gets each
 * line of its output as it comes.
 */
export function childPrograms(): (
  program: string,
  onLine?: (line: string, child: ChildProcess) => void,
) => Promise<ChildResult> {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "trestle-bridge-"));
    await build({
      configFile: false,
      logLevel: "silent",
      ssr: { noExternal: true, resolve: { conditions: ["@trestle/source"] } },
      build: { ssr: entry, outDir: folder, target: "node20", minify: false },
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return (program, onLine) => {
    const modules = pathToFileURL(path.join(folder, "child-modules.js"));
    return runChild(
      `import { bridge, host, loop, structured } from ${JSON.stringify(modules)};\n${program}`,
      onLine,
    );
  };
}

function runChild(
  source: string,
  onLine?: (line: string, child: ChildProcess) => void,
): Promise<ChildResult> {
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
    if (onLine !== undefined) readLines(child, onLine);
  });
}

function readLines(child: ChildProcess, onLine: (line: string, child: ChildProcess) => void): void {
  if (child.stdout === null) return;
  createInterface({ input: child.stdout }).on("line", (line) => onLine(line, child));
}
