import { platformHost } from "@trestle/host";
import { hostBehaviours, Trace, VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { QuietHost } from "../../src/testing/quiet-host.js";

function set(patience: number): { real: VirtualHost; host: QuietHost; trace: Trace } {
  const real = new VirtualHost();
  const trace = new Trace(() => real.now());
  const host = new QuietHost(real, patience, () => trace.log("quiet"));
  return { real, host, trace };
}

/** Resolves when the platform has nothing to do any more. */
async function stillness(): Promise<void> {
  const real = platformHost();
  for (let turn = 0; turn < 50; turn++) await new Promise<void>((resolve) => real.soon(resolve));
}

describe("a host that notices quiet", () => {
  for (const { title, run } of hostBehaviours(() => ({
    host: new QuietHost(new VirtualHost(), 0, () => {}),
  }))) {
    test(title, run);
  }

  test("says so once, when the last callback and its microtasks are over", async () => {
    const { host, trace } = set(0);
    host.soon(() => {
      const chain = async (): Promise<void> => {
        for (let link = 0; link < 100; link++) await Promise.resolve();
        trace.log("microtasks end");
        host.soon(() => trace.log("what they made ready"));
      };
      void chain();
    });
    await stillness();
    expect(trace.messages).toEqual(["microtasks end", "what they made ready", "quiet"]);
  });

  test("waits for its patience in real time, anew after all that happens", async () => {
    const { real, host, trace } = set(20);
    host.soon(() => trace.log("a"));
    real.at(15, () => host.soon(() => trace.log("b")));
    await stillness();
    expect(trace.entries).toEqual([
      [0, "a"],
      [15, "b"],
      [35, "quiet"],
    ]);
  });

  test("is never quiet with a patience without end, until it is given another", async () => {
    const { real, host, trace } = set(Infinity);
    host.soon(() => trace.log("a"));
    real.at(1000, () => {
      host.patience = 5;
    });
    await stillness();
    expect(trace.entries).toEqual([
      [0, "a"],
      [1005, "quiet"],
    ]);
  });

  test("is not quiet while it is held, or disquieted", async () => {
    const { host, trace } = set(0);
    const releases = [host.hold("a download"), host.disquiet()];
    await stillness();
    for (const release of releases) {
      expect(trace.messages).toEqual([]);
      release();
      release();
    }
    await stillness();
    expect(trace.messages).toEqual(["quiet"]);
  });

  test("holds the real host for what it is held for, and not for a disquiet", () => {
    const { real, host } = set(0);
    const release = host.hold("a download");
    host.disquiet();
    expect(real.held).toEqual(["a download"]);
    release();
    expect(real.held).toEqual([]);
  });

  test("is quiet again after a callback that threw", async () => {
    const caught: unknown[] = [];
    const failing = platformHost();
    const real = new VirtualHost();
    const trace = new Trace();
    const catching = {
      now: () => real.now(),
      soon: (callback: () => void) =>
        failing.soon(() => {
          try {
            callback();
          } catch (error) {
            caught.push(error);
          }
        }),
      at: real.at.bind(real),
      hold: real.hold.bind(real),
    };
    const host = new QuietHost(catching, 0, () => trace.log("quiet"));
    const error = new Error("of a callback");
    host.soon(() => {
      throw error;
    });
    await stillness();
    expect([caught, trace.messages]).toEqual([[error], ["quiet"]]);
  });
});
