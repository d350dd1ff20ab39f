import { currentLoop, run as runLoop, type EventLoop } from "@trestle/loop";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { LoopQueueFullError } from "../src/index.js";
import { OutsideCalls } from "../src/outside-calls.js";

/** Runs a check inside of a loop, which gets that loop. */
const inLoop = (check: (loop: EventLoop) => void): Promise<void> =>
  runLoop(async () => check(currentLoop() as EventLoop), { host: new VirtualHost() });

/** A loop that does not run here. */
const elsewhere = {} as EventLoop;

describe("a queue of calls from outside", () => {
  test("lets in as many as its length, and again when one has left, once each", () => {
    const queue = new OutsideCalls(2);
    const first = queue.enter(elsewhere, "call");
    queue.enter(elsewhere, "call");
    expect(() => queue.enter(elsewhere, "call")).toThrow(LoopQueueFullError);
    first?.leave();
    first?.leave();
    queue.enter(elsewhere, "call");
    expect(() => queue.enter(elsewhere, "call")).toThrow(LoopQueueFullError);
  });

  test("does not count the calls of the loop itself", () =>
    inLoop((loop) => {
      const queue = new OutsideCalls(1);
      expect(queue.enter(loop, "call")).toBeUndefined();
      expect(queue.enter(elsewhere, "call")).toBeDefined();
      expect(queue.enter(loop, "call")).toBeUndefined();
    }));

  test("is left by a call that is taken back", () => {
    const queue = new OutsideCalls(1);
    let cancelled = false;
    const inner = { cancel: () => void (cancelled = true), cancelled: () => cancelled };
    const handle = queue.enter(elsewhere, "call")?.handle(inner);
    expect(handle?.cancelled()).toBe(false);
    handle?.cancel();
    expect(handle?.cancelled()).toBe(true);
    expect(queue.enter(elsewhere, "call")).toBeDefined();
  });
});
