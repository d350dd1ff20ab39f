// The built program in a process of its own, as its users run it.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const PROBE = new URL("exit-probe.js", import.meta.url).href;

/** The files of the demo. */
export const DEMO_FOLDER = fileURLToPath(new URL("../site", import.meta.url));

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What was left when it ended by itself; undefined where it was ended. */
  readonly left: { readonly listeners: number; readonly open: readonly string[] } | undefined;
}

/** A program that left nothing and ended by itself. */
export const NOTHING_LEFT = { listeners: 0, open: [] };

/** A program that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly probe: Readable;
}

/** Starts the program. */
export function start(...words: readonly string[]): Running {
  if (!existsSync(MAIN)) throw new Error(`Cannot test ${MAIN}: it is not built. Run "pnpm build".`);
  const child = spawn(process.execPath, ["--import", PROBE, MAIN, ...words], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const [, stdout, stderr, probe] = child.stdio as unknown as [null, Readable, Readable, Readable];
  return { child, stdout, stderr, probe };
}

/** Waits until the program has ended, and gives all that it said. */
export async function end({ child, stdout, stderr, probe }: Running): Promise<Ended> {
  const [[code, signal], out, err, left] = await Promise.all([
    once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>,
    text(stdout),
    text(stderr),
    text(probe),
  ]);
  return {
    code,
    signal,
    stdout: out,
    stderr: err,
    left: left === "" ? undefined : JSON.parse(left),
  };
}

/** Runs the program to its end. */
export function program(...words: readonly string[]): Promise<Ended> {
  return end(start(...words));
}

/** Runs the program, and sends it a signal when what it wrote on stderr holds a text. */
export async function interrupted(
  when: string,
  signal: NodeJS.Signals,
  ...words: readonly string[]
): Promise<Ended> {
  const running = start(...words);
  let written = "";
  running.stderr.on("data", function send(chunk: Buffer) {
    written += String(chunk);
    if (!written.includes(when)) return;
    running.stderr.off("data", send);
    running.child.kill(signal);
  });
  return end(running);
}
