import { sleep } from "@trestle/loop";
import { sleep as structuredSleep } from "@trestle/structured";
import { expect, test } from "vitest";
import { abandon, abandonedIn, isAbandoned } from "../src/abandoned.js";
import { virtualBridge } from "./virtual-bridge.js";

test("what was let go of is known until it is done, in order", async () => {
  const { run } = virtualBridge();
  await run(function* (loop) {
    const slow = loop.createTask(sleep, 20);
    const quick = loop.createTask(sleep, 10);
    abandon(slow);
    abandon(quick);
    expect(abandonedIn(loop)).toEqual([slow, quick]);
    yield* structuredSleep(15);
    expect(abandonedIn(loop)).toEqual([slow]);
    expect([isAbandoned(slow), isAbandoned(quick)]).toEqual([true, false]);
    yield* structuredSleep(10);
    expect(abandonedIn(loop)).toEqual([]);
  });
});

test("what is done already is not noted", async () => {
  const { run } = virtualBridge();
  await run(function* (loop) {
    const reply = loop.createFuture<number>();
    reply.setResult(1);
    abandon(reply);
    expect(isAbandoned(reply)).toBe(false);
    expect(abandonedIn(loop)).toEqual([]);
  });
});

test("a failure or a cancellation of it is nobody's", async () => {
  const { run } = virtualBridge();
  await run(function* (loop) {
    abandon(
      loop.createTask(async () => {
        await sleep(5);
        throw new Error("unseen");
      }),
    );
    const cancelled = loop.createTask(sleep, 10);
    abandon(cancelled);
    cancelled.cancel();
    yield* structuredSleep(20);
  });
});
