import { platformHost, type DeadlockError, type WatchedParty } from "@trestle/host";
import { hostBehaviours, Trace, VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { MockClock } from "../../src/testing/mock-clock.js";
import type { MockHost } from "../../src/testing/mock-host.js";

function set(autojumpThreshold: number): { clock: MockClock; host: MockHost; trace: Trace } {
  const clock = new MockClock({ autojumpThreshold });
  const host = clock.hostOn(new VirtualHost()) as MockHost;
  return { clock, host, trace: new Trace(() => clock.currentTime()) };
}

/** Resolves when the platform has nothing to do any more. */
async function stillness(): Promise<void> {
  const real = platformHost();
  for (let turn = 0; turn < 50; turn++) await new Promise<void>((resolve) => real.soon(resolve));
}

describe("the host of a clock that jumps", () => {
  for (const { title, run } of hostBehaviours(() => ({
    host: new MockClock({ autojumpThreshold: 0 }).hostOn(platformHost()),
  }))) {
    test(title, run);
  }

  for (const { title, run } of hostBehaviours(() => ({
    host: new MockClock({ rate: 3 }).hostOn(new VirtualHost()),
  }))) {
    test(`${title}, at a rate`, run);
  }

  test("jumps for a timer that is set from outside when all has been quiet for long", async () => {
    const { host, trace } = set(0);
    await stillness();
    host.at(10, () => trace.log("timer"));
    await stillness();
    expect(trace.entries).toEqual([[10, "timer"]]);
  });

  test("does not jump while it is kept still, and then does", async () => {
    const { host, trace } = set(0);
    const release = host.keepStill();
    host.at(10, () => trace.log("timer"));
    await stillness();
    expect(trace.messages).toEqual([]);
    release();
    await stillness();
    expect(trace.entries).toEqual([[10, "timer"]]);
  });

  test("does not jump to an instant that never comes", async () => {
    const { clock, host } = set(0);
    host.at(Number.POSITIVE_INFINITY, () => {});
    await stillness();
    expect(clock.currentTime()).toBe(0);
  });

  test("reports to those who watch what is parked for ever, once for each thing that happens", async () => {
    // On the platform, for a virtual host below would report too.
    const host = new MockClock({ autojumpThreshold: 0 }).hostOn(platformHost());
    const reports: DeadlockError[] = [];
    const party: WatchedParty = {
      stuck: () => ["a line"],
      deadlock: (error) => void reports.push(error),
    };
    const release = host.watch?.(party);
    await stillness();
    expect(reports.map(({ parked }) => parked)).toEqual([["a line"]]);
    host.soon(() => {});
    await stillness();
    expect(reports.length).toBe(2);
    release?.();
    host.soon(() => {});
    await stillness();
    expect(reports.length).toBe(2);
  });
});
