import { EventLoop } from "@trestle/loop";
import { hostBehaviours, Trace, VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { hostOnLoop } from "../src/host-on-loop.js";

describe("a loop as a host", () => {
  const behaviours = hostBehaviours(() => {
    const loop = new EventLoop({ host: new VirtualHost() });
    void loop.runForever();
    return { host: hostOnLoop(loop), close: () => loop.stop() };
  });
  test.each(behaviours.map(({ title, run }) => [title, run] as const))(
    "%s",
    async (_title, run) => {
      await run();
    },
  );
});

test("stands still while its loop does, and goes on with it", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const host = hostOnLoop(loop);
  const trace = new Trace(() => host.now());
  host.soon(() => trace.log("soon"));
  host.at(10, () => trace.log("at"));
  loop.callLater(5, () => loop.stop());
  await loop.runForever();
  trace.log("stands still");
  loop.callLater(10, () => loop.stop());
  await loop.runForever();
  expect(trace.entries).toEqual([
    [0, "soon"],
    [5, "stands still"],
    [10, "at"],
  ]);
  await loop.close();
});

test("has what it calls find the loop running, and no task", async () => {
  const { currentLoop, currentTask } = await import("@trestle/loop");
  const loop = new EventLoop({ host: new VirtualHost() });
  await loop.runUntilComplete(async () => {
    const seen = loop.createFuture<boolean>();
    hostOnLoop(loop).soon(() =>
      seen.setResult(currentLoop() === loop && currentTask() === undefined),
    );
    expect(await seen).toBe(true);
  });
  await loop.close();
});

test("on a loop that has closed takes nothing more, and throws nothing", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const host = hostOnLoop(loop);
  await loop.close();
  host.soon(() => expect.unreachable());
  host.at(10, () => expect.unreachable()).cancel();
  expect(host.now()).toBe(0);
});

describe("who is watched", () => {
  test("is stuck only while the loop runs", async () => {
    const real = new VirtualHost();
    const loop = new EventLoop({ host: real });
    const told: string[] = [];
    const unwatch = hostOnLoop(loop).watch?.({
      stuck: () => ["a guest waits"],
      deadlock: (error) => told.push(...error.parked),
    });
    // The loop stands still: somebody else on the host is stuck, and the guest is not.
    const other = real.watch({ stuck: () => ["another waits"], deadlock: () => other() });
    await new Promise<void>((resolve) => void real.at(10, resolve));
    await stillness();
    expect(told).toEqual([]);
    const running = loop.runForever();
    await expect(running).rejects.toThrow("a guest waits");
    expect(told).toContain("a guest waits");
    unwatch?.();
    await loop.close();
  });

  test("is nobody where the loop's host cannot tell", () => {
    const silent = Object.assign(Object.create(new VirtualHost()) as VirtualHost, {
      now: () => 0,
      watch: undefined,
    });
    const unwatch = hostOnLoop({ host: silent } as unknown as EventLoop).watch?.({
      stuck: () => [],
      deadlock: () => {},
    });
    expect(() => unwatch?.()).not.toThrow();
  });
});

/** Some turns of the platform, in which a virtual host that has nothing to do would have said so. */
async function stillness(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise<void>((resolve) => void setImmediate(resolve));
}
