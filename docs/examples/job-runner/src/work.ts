// What threads do. This module is loaded in the threads only. A job that is cancelled is told, each in the way that fits it; one that
// does not listen, or not in time, loses its thread.
import { createHash } from "node:crypto";
import { closeSync, createReadStream, createWriteStream, openSync, readSync } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { checkCancelled, jobSignal } from "trestle/executor";

/** Counts the primes up to a limit. It only computes, so it asks now and then whether it is still wanted. */
export function countPrimes(limit: number): number {
  let count = 0;
  for (let number = 2; number <= limit; number++) {
    if (number % 1000 === 0) checkCancelled();
    if (isPrime(number)) count++;
  }
  return count;
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) {
    if (number % divisor === 0) return false;
  }
  return true;
}

/** Gives the SHA-256 of a file. It blocks its thread while it reads, which is what threads are for. */
export function hashFile(file: string): string {
  const hash = createHash("sha256");
  const chunk = Buffer.alloc(2 ** 20);
  const fd = openSync(file, "r");
  try {
    for (let size = 1; size > 0;) {
      checkCancelled();
      size = readSync(fd, chunk);
      hash.update(chunk.subarray(0, size));
    }
  } finally {
    closeSync(fd);
  }
  return hash.digest("hex");
}

/** How large files are, in bytes. */
export interface Sizes {
  readonly before: number;
  readonly after: number;
}

/**
 * Compresses a file into another one, which is there as a whole or as it was before. This is ordinary async code, which hands the
 * signal of its job on.
 */
export async function compressFile(file: string, into: string): Promise<Sizes> {
  const part = `${into}.part`;
  try {
    const output = createWriteStream(part);
    await pipeline(createReadStream(file), createGzip(), output, { signal: jobSignal() });
    await rename(part, into);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return { before: (await stat(file)).size, after: (await stat(into)).size };
}
