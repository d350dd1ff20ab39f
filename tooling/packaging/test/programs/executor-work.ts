// The work of executor.ts, for its threads.
import { setTimeout as sleep } from "node:timers/promises";
import { checkCancelled, fromThread, jobSignal, transfer } from "@trestle/executor/worker";

export const add = (one: number, two: number): number => one + two;

export const echo = (value: unknown): unknown => value;

export async function addLater(one: number, two: number): Promise<number> {
  await sleep(1);
  return one + two;
}

export class OwnError extends Error {
  override readonly name: string = "OwnError";
  readonly code = "E_OWN";
  readonly detail = { at: 7 };
}

export function fail(kind: "type" | "own" | "group" | "web"): never {
  if (kind === "type") throw new TypeError("no string", { cause: new RangeError("far") });
  if (kind === "own") throw new OwnError("own");
  if (kind === "web") throw new DOMException("stop", "DataError");
  throw new AggregateError([new TypeError("one"), new RangeError("two")], "both");
}

export async function readNothing(): Promise<void> {
  const { readFile } = await import("node:fs/promises");
  await readFile("/no/such/file");
}

export const giveFunction = (): unknown => () => {};

/** Says in the second word that it has begun, and stands still until the first one changes. */
export function standStill(memory: Int32Array): string {
  begin(memory);
  Atomics.wait(memory, 0, 0);
  return "went on";
}

export function busy(memory: Int32Array): never {
  begin(memory);
  for (;;);
}

export function busyChecking(memory: Int32Array): never {
  begin(memory);
  for (;;) checkCancelled();
}

export async function sleepTold(memory: Int32Array): Promise<void> {
  begin(memory);
  await sleep(60_000, undefined, { signal: jobSignal() });
}

export function count(memory: Int32Array): number {
  return Atomics.add(memory, 0, 1) + 1;
}

function begin(memory: Int32Array): void {
  Atomics.store(memory, 1, 1);
}

export const callBack = (name: string, ...args: unknown[]): unknown =>
  fromThread.runSync(name, ...args);

export const callBackLater = async (name: string, ...args: unknown[]): Promise<unknown> =>
  await fromThread.run(name, ...args);

let greeting = "not initialized";

export function initialize(text: string): void {
  if (text === "fail") throw new RangeError("no such greeting");
  greeting = text;
}

export const greet = (): string => greeting;

export function exit(code: number): never {
  process.exit(code);
}

/** Fills more memory than it is to have, counting how far it got. */
export function exhaust(memory: Int32Array): number {
  const kept: number[][] = [];
  while (kept.length < 2000) {
    kept.push(Array.from({ length: 10_000 }, (_, at) => at + kept.length));
    memory[0] = kept.length;
  }
  return kept.length;
}

export async function uncaught(): Promise<void> {
  setImmediate(() => {
    throw new TypeError("uncaught");
  });
  await sleep(60_000);
}

/** Leaves a rejection to nobody, and goes on until the memory says so. */
export async function unhandled(memory: Int32Array): Promise<string> {
  void Promise.reject(new TypeError("unhandled"));
  while (Atomics.load(memory, 0) === 0) await sleep(1);
  return "went on";
}

/** Returns, and leaves an error behind, for when the memory says so. */
export function failLater(memory: Int32Array): string {
  const looking = setInterval(() => {
    if (Atomics.load(memory, 0) === 0) return;
    clearInterval(looking);
    throw new TypeError("late");
  }, 1);
  return "returned";
}

export function moved(length: number): Uint8Array {
  const bytes = new Uint8Array(length).fill(7);
  return transfer(bytes, [bytes.buffer]);
}

export const lengthOf = (bytes: Uint8Array): number => bytes.byteLength;
