// Descriptors for tests: both ends of a pipe or of a socket, closed after the test.
import { closeSync, readSync, writeSync } from "node:fs";
import { onTestFinished } from "vitest";
import { findAddon, isAddon, type Addon } from "../src/readiness/addon.js";

const found = findAddon();

/** Whether the native part is here; without it only the fallback can be tested. */
export const hasAddon = isAddon(found);

/** The native part. */
export function addon(): Addon {
  if (!isAddon(found)) throw new Error(`there is no native part: ${found.why}`);
  return found;
}

/** Opens a pipe: [the reading end, the writing end]. */
export function openPipe(): [number, number] {
  return closedAfterTest(addon().pipe());
}

/** Opens two sockets that are connected. */
export function openSocketPair(): [number, number] {
  return closedAfterTest(addon().socketPair());
}

function closedAfterTest(ends: [number, number] | number): [number, number] {
  if (typeof ends === "number") throw new Error(`cannot open a pair: ${ends}`);
  onTestFinished(() => {
    for (const fd of ends) closeQuietly(fd);
  });
  return ends;
}

/** Closes what a test may have closed itself. Nothing else may be opened in between. */
function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // Closed already.
  }
}

/** Opens two sockets that are connected, the first of them by a number that is free now. */
export function openSocketPairAt(fd: number): [number, number] {
  const extra: number[] = [];
  for (;;) {
    const ends = addon().socketPair() as [number, number];
    if (ends.includes(fd)) {
      for (const other of extra) closeSync(other);
      return closedAfterTest(ends[0] === fd ? ends : [ends[1], ends[0]]);
    }
    extra.push(...ends);
  }
}

/** Writes as much as there is room for. */
export function fill(fd: number): number {
  addon().setBlocking(fd, false);
  const chunk = new Uint8Array(65_536);
  let total = 0;
  for (;;) {
    const count = addon().write(fd, chunk);
    if (count < 0) return total;
    total += count;
  }
}

/** Writes a byte. */
export function poke(fd: number): void {
  writeSync(fd, "x");
}

/** Reads a byte. */
export function takeByte(fd: number): string {
  const byte = Buffer.alloc(1);
  return byte.toString("latin1", 0, readSync(fd, byte));
}
