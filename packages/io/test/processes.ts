// What tests of child processes need: a Wait as a promise, and a look at what the system has of us.
import { platformHost, unwrap, type Outcome, type Wait } from "@trestle/host";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { threadId } from "node:worker_threads";
import { onTestFinished, vi } from "vitest";
import type { Child } from "../src/process/child.js";
import type { ChildOptions, ChildPipes } from "../src/process/child-options.js";
import type { Command } from "../src/process/command.js";
import { checkSpec, startChild } from "../src/process/start-child.js";

/** Starting a process takes its time on a machine that has much to do. */
vi.setConfig({ testTimeout: 30_000 });

export const host = platformHost();

export const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
export const bytes = (written: string): Uint8Array => new TextEncoder().encode(written);

/** Arms a wait, and gives a promise of its outcome. */
export function settled<T>(wait: Wait<T>): Promise<T> {
  return new Promise<Outcome<T>>((resolve) => void wait(resolve)).then(unwrap);
}

/** A command for the shell of the system. */
export const sh = (line: string): Command => ({ program: "sh", args: ["-c", line] });

/** Starts a child with pipes for output and error output, unless told otherwise. */
export function started(
  command: Command,
  options: ChildOptions = {},
  pipes: Partial<ChildPipes> = {},
): Promise<Child> {
  const all = { stdin: "ignore", stdout: "pipe", stderr: "pipe", ...pipes } as const;
  return settled(startChild(host, checkSpec({ command, options, pipes: all })));
}

/** Whether a process runs, or has ended and nobody knows it yet. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Waits, in real time, until something has become so. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

let signposts = 0;

/** The name of a file that a child makes when it has come so far. It is removed after the test. */
export function signpost(): { readonly file: string; readonly isThere: () => boolean } {
  const file = path.join(tmpdir(), `trestle-${process.pid}-${threadId}-${++signposts}`);
  onTestFinished(() => rmSync(file, { force: true }));
  return { file, isThere: () => existsSync(file) };
}

/** Waits for a child with the whole thread, so that nothing here has a turn meanwhile. */
export function blockUntil(isThere: () => boolean): void {
  const word = new Int32Array(new SharedArrayBuffer(4));
  for (let ms = 0; !isThere(); ms++) {
    if (ms > 10_000) throw new Error("What was waited for did not come.");
    Atomics.wait(word, 0, 0, 1);
  }
}

/** How many descriptors this process has open, where the system tells. */
export function openDescriptors(): number {
  return readdirSync("/proc/self/fd").length;
}

/** The children of this process that the system knows of, with their states: "S", or "Z" for a zombie. */
export function childStates(): string[] {
  const states: string[] = [];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/u.test(name))) {
    const stat = statOf(pid);
    const [state = "", parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(parent) === process.pid) states.push(state);
  }
  return states;
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}
