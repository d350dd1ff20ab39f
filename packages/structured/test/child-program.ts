import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll } from "vitest";

/** How a child ended, and what it printed. */
export interface ChildResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** When a child that runs gets a signal: with the line on its standard output. */
export type SignalAt = readonly [line: string, signal: NodeJS.Signals];

/** Patience for a child that hangs, in milliseconds: it is killed then, and its signal is SIGKILL. */
const PATIENCE_MS = 15_000;

const entry = fileURLToPath(new URL("child-modules.ts", import.meta.url));

/**
 * Gives a function that runs a program in a Node process of its own, where `structured` is this package from source, and
 * sends it signals. Only a process of its own has signals and an exit code.
 */
export function childPrograms(): (
  program: string,
  ...signals: readonly SignalAt[]
) => Promise<ChildResult> {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "trestle-structured-"));
    await build({
      configFile: false,
      logLevel: "silent",
      ssr: { noExternal: true, resolve: { conditions: ["@trestle/source"] } },
      build: { ssr: entry, outDir: folder, target: "node20", minify: false },
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return (program, ...signals) => {
    const modules = pathToFileURL(path.join(folder, "child-modules.js"));
    const source = `import { structured } from ${JSON.stringify(modules)};\n${program}`;
    return runChild(source, signals);
  };
}

async function runChild(source: string, signals: readonly SignalAt[]): Promise<ChildResult> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: PATIENCE_MS,
    killSignal: "SIGKILL",
  });
  sendSignals(child, child.stdout, signals);
  const [[code, signal], stdout, stderr] = await Promise.all([
    once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, signal, stdout, stderr };
}

function sendSignals(child: ChildProcess, stdout: Readable, signals: readonly SignalAt[]): void {
  let written = "";
  const left = [...signals];
  stdout.on("data", (chunk: Buffer) => {
    written += String(chunk);
    for (let next = left[0]; next && written.includes(`${next[0]}\n`); next = left[0]) {
      left.shift();
      child.kill(next[1]);
    }
  });
}
