// What the tests run in threads.
import { setTimeout as sleepFor } from "node:timers/promises";
import { checkCancelled, fromThread, jobSignal, transfer } from "../src/worker.js";

export function add(one: number, two: number): number {
  return one + two;
}

export function echo<T>(value: T): T {
  return value;
}

/** Works without a pause until it is cancelled, or for ever. */
export function busy(ms: number): string {
  for (const end = performance.now() + ms; performance.now() < end;);
  return "done";
}

/** The same, but looks for a cancellation. */
export function busyChecking(memory?: Int32Array): never {
  sayBegun(memory);
  for (;;) checkCancelled();
}

/** Sets the second number of the memory to 1. */
function sayBegun(memory: Int32Array | undefined): void {
  if (memory !== undefined) Atomics.store(memory, 1, 1);
}

/** Stands still until the first number of the memory changes from 0, which it says with the second. */
export function standStill(memory: Int32Array): string {
  Atomics.store(memory, 1, 1);
  Atomics.notify(memory, 1);
  Atomics.wait(memory, 0, 0);
  return "went on";
}

/** Counts its own start, and is done. */
export function count(memory: Int32Array): number {
  return Atomics.add(memory, 0, 1) + 1;
}

export async function sleep(ms: number): Promise<string> {
  await sleepFor(ms);
  return "slept";
}

export async function sleepTold(memory?: Int32Array): Promise<void> {
  sayBegun(memory);
  await sleepFor(60_000, undefined, { signal: jobSignal() });
}

export class OwnError extends Error {
  override readonly name = "OwnError";
  readonly code = "E_OWN";
  readonly detail = { at: 7 };
}

export function fail(kind: string): never {
  switch (kind) {
    case "type":
      throw new TypeError("no string", { cause: new RangeError("far") });
    case "own":
      throw new OwnError("own");
    case "group":
      throw new AggregateError([new TypeError("one"), new RangeError("two")], "both");
    case "dom":
      throw new DOMException("stop", "DataError");
    case "undefined":
      throw undefined;
    default:
      throw Symbol(kind);
  }
}

export async function missingFile(): Promise<void> {
  const { readFile } = await import("node:fs/promises");
  await readFile("/no/such/file");
}

export function uncloneable(): unknown {
  return { fn: () => {} };
}

export function uncloneableError(): never {
  throw Object.assign(new Error("odd"), { fn: () => {}, fine: 1 });
}

export function exit(code: number): never {
  process.exit(code);
}

/** Returns, and ends the thread right after. */
export function returnAndExit(): string {
  queueMicrotask(() => process.exit(3));
  return "returned";
}

/** Fills memory until there is none left. */
export function exhaust(): never {
  const kept: number[][] = [];
  for (;;) kept.push(Array.from({ length: 10_000 }, (_, at) => at + kept.length));
}

/** An error that nobody catches, while the job runs. */
export async function uncaught(): Promise<void> {
  setImmediate(() => {
    throw new TypeError("uncaught");
  });
  await sleepFor(60_000);
}

/** The same with a rejection. */
export async function unhandled(): Promise<void> {
  void Promise.reject(new TypeError("unhandled"));
  await sleepFor(60_000);
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

/** Returns, and sets the first number of the memory a moment later. */
export function setLater(memory: Int32Array): void {
  setTimeout(() => Atomics.store(memory, 0, 1), 1);
}

let greeting = "not initialized";

export function initialize(text: string): void {
  if (text === "fail") throw new RangeError("no such greeting");
  if (text === "exit") process.exit(5);
  greeting = text;
}

export function greet(): string {
  return greeting;
}

export function callBack(name: string, ...args: unknown[]): unknown {
  return fromThread.runSync(name, ...args);
}

export async function callBackLater(name: string, ...args: unknown[]): Promise<unknown> {
  return await fromThread.run(name, ...args);
}

export async function both(): Promise<unknown[]> {
  const later = fromThread.run("double", 1);
  const now = fromThread.runSync("double", 2);
  return [now, await later];
}

export function moved(length: number): Uint8Array {
  const bytes = new Uint8Array(length).fill(7);
  return transfer(bytes, [bytes.buffer]);
}

export function byteLength(bytes: Uint8Array): number {
  return bytes.byteLength;
}

export const version = "not a function";

export function environment(name: string): string | undefined {
  return process.env[name];
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function busyForEver(memory?: Int32Array): never {
  sayBegun(memory);
  for (;;);
}
