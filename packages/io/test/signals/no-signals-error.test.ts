import { expect, test } from "vitest";
import { isMainThread, Worker } from "node:worker_threads";
import { once } from "node:events";
import { NoSignalsError } from "../../src/signals/no-signals-error.js";
import { checkSignal } from "../../src/signals/signal-source.js";

test("says where signals can be received", () => {
  const error = new NoSignalsError();
  expect([error.name, error.code]).toEqual(["NoSignalsError", "TRESTLE_NO_SIGNALS"]);
  expect(error.message).toContain("Receive them there");
});

test("a worker gets no signals, which is why", async () => {
  const worker = new Worker(
    "process.on('SIGUSR2', () => {}); require('worker_threads').parentPort.postMessage(process.listenerCount('SIGUSR2'))",
    { eval: true },
  );
  await once(worker, "message");
  expect(process.listenerCount("SIGUSR2")).toBe(0);
  await worker.terminate();
});

test("a worker that asks for signals gets it, and the main thread does not", () => {
  let thrown: unknown;
  try {
    checkSignal("SIGUSR2");
  } catch (error) {
    thrown = error;
  }
  expect(thrown instanceof NoSignalsError).toBe(!isMainThread);
});
