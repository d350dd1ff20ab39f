import type { DeadlockError, WatchedParty } from "@trestle/host";
import { Trace, VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { LoopHost } from "../src/loop-host.js";

function setUp(): {
  virtual: VirtualHost;
  host: LoopHost;
  trace: Trace;
  idle: () => Promise<void>;
} {
  const virtual = new VirtualHost();
  const trace = new Trace(() => virtual.now());
  // A timer comes when nothing is ready any more.
  const idle = (): Promise<void> =>
    new Promise((resolve) => void virtual.at(virtual.now() + 1, resolve));
  return { virtual, host: new LoopHost(virtual), trace, idle };
}

describe("turns", () => {
  test("are the host's as long as no structured call starts", async () => {
    const { virtual, host, trace, idle } = setUp();
    host.soon(() => trace.log("a"));
    virtual.soon(() => trace.log("b"));
    host.soon(() => trace.log("c"));
    await idle();
    expect(trace.messages).toEqual(["a", "b", "c"]);
  });

  test("are kept back between the start and the first step of a call", async () => {
    const { host, trace, idle } = setUp();
    host.callStarts();
    host.soon(() => trace.log("kept back"));
    await idle();
    trace.log("first step");
    host.callStarted();
    await idle();
    expect(trace.messages).toEqual(["first step", "kept back"]);
  });

  test("wait for all calls that start, and keep their order", async () => {
    const { host, trace, idle } = setUp();
    host.callStarts();
    host.callStarts();
    host.soon(() => trace.log("a"));
    host.callStarted();
    host.soon(() => trace.log("b"));
    await idle();
    trace.log("last first step");
    host.callStarted();
    host.soon(() => trace.log("c"));
    await idle();
    expect(trace.messages).toEqual(["last first step", "a", "b", "c"]);
  });
});

test("microtasks are let in by the host, and not while a call starts", () => {
  const { trace } = setUp();
  class Platform extends VirtualHost {
    admitsMicrotask(besides = 0): boolean {
      trace.log(`past ${besides}`);
      return true;
    }
    quiet(): void {
      trace.log("quiet");
    }
  }
  const host = new LoopHost(new Platform());
  expect(host.admitsMicrotask(1)).toBe(true);
  host.quiet();
  host.callStarts();
  expect(host.admitsMicrotask(1)).toBe(false);
  expect(trace.messages).toEqual(["past 1", "quiet"]);
  // A host without any of that.
  const plain = new LoopHost(new VirtualHost());
  plain.quiet();
  expect(plain.admitsMicrotask()).toBe(false);
});

test("time, timers and holds are the host's", async () => {
  const { virtual, host, trace, idle } = setUp();
  host.callStarts();
  host.at(10, () => trace.log("timer"));
  host.at(10, () => trace.log("never")).cancel();
  await idle();
  const release = host.hold("a device", { keepAlive: false });
  expect(virtual.held).toEqual(["a device"]);
  release();
  expect(virtual.held).toEqual([]);
  await new Promise<void>((resolve) => void host.at(20, resolve));
  expect(trace.entries).toEqual([[10, "timer"]]);
  expect(host.now()).toBe(20);
});

test("a party is watched by the host, if that can", async () => {
  const { host, trace } = setUp();
  let told = (_error: DeadlockError): void => {};
  const report = new Promise<DeadlockError>((resolve) => {
    told = resolve;
  });
  let stuck: readonly string[] = ["the loop waits"];
  const party: WatchedParty = {
    stuck: () => stuck,
    deadlock: (error) => {
      stuck = [];
      told(error);
    },
  };
  const release = host.watch(party);
  expect((await report).parked).toEqual(["the loop waits"]);
  release();

  const blind = new VirtualHost();
  const unwatched = new LoopHost({
    now: () => blind.now(),
    soon: (callback) => blind.soon(callback),
    at: (when, callback) => blind.at(when, callback),
    hold: (what) => blind.hold(what),
  });
  expect(unwatched.watch(party)()).toBeUndefined();
  expect(trace.messages).toEqual([]);
});

test("tells what those wait for who are watched", () => {
  const { host } = setUp();
  expect(host.waiting).toEqual([]);
  const unwatch = host.watch({ stuck: () => ["task 'a' waits for a lock"], deadlock: () => {} });
  expect(host.waiting).toEqual(["task 'a' waits for a lock"]);
  unwatch();
});
