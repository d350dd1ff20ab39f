// The compliance suite of Promises/A+, wholly, on Future. It brings its own runner, which runs here with a reporter that keeps what
// failed. Its tests wait by `setTimeout`; these timers are the virtual host's, so the minute that they take is no time.
import type { EventEmitter } from "node:events";
import type { Release } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import promisesAplusTests, { type Deferred } from "promises-aplus-tests";
import { expect, onTestFinished, test, vi } from "vitest";
import { EventLoop, type Future } from "../../src/index.js";

const TESTS = 872;

/** A test as the suite's runner tells of it. */
interface Told {
  fullTitle(): string;
}

function deferred(loop: EventLoop): Deferred {
  const promise: Future<unknown> = loop.createFuture("a promise of the suite");
  // The suite settles promises that are settled: nothing must come of it. A Future says so.
  return {
    promise,
    resolve: (value) => {
      if (!promise.done()) promise.setResult(value);
    },
    reject: (reason) => {
      if (!promise.done()) promise.setException(reason);
    },
  };
}

/** Makes `setTimeout` the host's, whose clock stands still while the suite has no timer, and until what sets one is over. */
function useVirtualTimers(host: VirtualHost): void {
  let timers = 0;
  let release: Release = host.hold("the suite");
  vi.stubGlobal("setTimeout", (callback: () => void, ms = 0) => {
    if (timers++ === 0) setImmediate(release);
    return host.at(host.now() + ms, () => {
      if (--timers === 0) release = host.hold("the suite");
      callback();
    });
  });
  onTestFinished(() => void vi.unstubAllGlobals());
}

/** Has nobody told of rejections that nobody handles, of which the suite leaves many. */
function ignoreRejections(): void {
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", () => {});
  onTestFinished(() => {
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  });
}

test("a Future passes all tests of Promises/A+", { timeout: 60_000 }, async () => {
  const host = new VirtualHost();
  ignoreRejections();
  useVirtualTimers(host);
  const loop = new EventLoop({ host });
  loop.setExceptionHandler(() => {});
  const running = loop.runForever();
  const failed: string[] = [];
  let passed = 0;
  const reporter = function (runner: EventEmitter): void {
    runner.on("pass", () => passed++);
    runner.on("fail", (told: Told, error: unknown) =>
      failed.push(`${told.fullTitle()}: ${String(error)}`),
    );
  };
  const adapter = { deferred: () => deferred(loop) };
  await new Promise<void>((resolve) => {
    promisesAplusTests(adapter, { reporter, timeout: 30_000 }, () => resolve());
  });
  expect({ passed, failed }).toEqual({ passed: TESTS, failed: [] });
  // What the suite has left pending fails now, and calls back into tests that are over.
  loop.stop();
  await running;
  await loop.close();
  await new Promise<void>((resolve) => void setImmediate(resolve));
});
