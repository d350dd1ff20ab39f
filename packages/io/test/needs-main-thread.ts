import { isMainThread } from "node:worker_threads";
import type { TestContext } from "vitest";

/** Skips a test of signals in a worker, where nobody gets any: `beforeEach(needsMainThread)`. */
export function needsMainThread({ skip }: TestContext): void {
  skip(!isMainThread, "needs the main thread: the system gives signals to no other");
}
