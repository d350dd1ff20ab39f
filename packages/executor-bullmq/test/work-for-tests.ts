// What the jobs of the tests do.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { threadId } from "node:worker_threads";
import { jobSignal } from "@trestle/executor/worker";

export function add(a: number, b: number): number {
  return a + b;
}

export function echo<T>(value: T): T {
  return value;
}

/** Writes a line to a file: who looks at it knows how often this ran. */
export function mark(file: string, line: string): string {
  appendFileSync(file, `${line}\n`);
  return line;
}

export function fail(message: string): never {
  throw Object.assign(new RangeError(message, { cause: new Error("deeper") }), {
    code: "E_RANGE",
    limit: 7,
  });
}

/** Fails until the file has so many lines, and adds one each time. */
export function failUntil(file: string, lines: number): string {
  const before = existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0;
  appendFileSync(file, "tried\n");
  if (before < lines) throw new Error("not yet");
  return "at last";
}

/** Marks that it began, and goes on until it is told to stop. */
export async function hang(file: string): Promise<never> {
  appendFileSync(file, "began\n");
  const signal = jobSignal();
  try {
    for (;;) await delay(60_000, undefined, { signal });
  } catch (error) {
    appendFileSync(file, "stopped\n");
    throw signal.aborted ? signal.reason : error;
  }
}

/** Marks that it began, and waits until there is a file of that name. */
export async function waitForFile(file: string, gate: string): Promise<string> {
  appendFileSync(file, "began\n");
  while (!existsSync(gate)) await delay(10);
  appendFileSync(file, "ended\n");
  return "through";
}

/** What another thread can be given, and a queue cannot. */
export function unsendable(): unknown {
  return { seen: [new Error("as a value")] };
}

export function threadNumber(): number {
  return threadId;
}
