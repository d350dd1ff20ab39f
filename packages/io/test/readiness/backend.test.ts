import { closeSync, openSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openNativeBackend, READABLE } from "../../src/readiness/backend.js";
import { addon, hasAddon, openPipe, poke } from "../open-pair.js";

describe.skipIf(!hasAddon).each(["poll", "thread"] as const)("the native backend '%s'", (name) => {
  test("gives an event for each arming, with its token", async () => {
    const [reading, writing] = openPipe();
    poke(writing);
    let took: (event: number[]) => void = () => {};
    const backend = openNativeBackend(addon(), name, (...event) => took(event));
    if (typeof backend === "number") throw new Error(`cannot open it: ${backend}`);
    backend.hold(true);
    for (const token of [7, 2 ** 31 - 1]) {
      const event = new Promise((resolve) => (took = resolve));
      // On epoll the first arming is told from the second.
      const isKnown = token !== 7 || process.platform !== "linux";
      expect(backend.arm(reading, READABLE, token)).toBe(isKnown ? 0 : 1);
      expect(await event).toEqual([reading, token, READABLE]);
    }
    backend.hold(false);
    backend.close();
    backend.close();
    expect(backend.arm(reading, READABLE, 1)).toBe(-22);
  });

  test("takes no descriptor of the process when it is closed", async () => {
    const numberNow = (): number => {
      const fd = openSync("/dev/null", "r");
      closeSync(fd);
      return fd;
    };
    const before = numberNow();
    for (let i = 0; i < 20; i++) {
      const backend = openNativeBackend(addon(), name, () => {});
      if (typeof backend === "number") throw new Error(`cannot open it: ${backend}`);
      backend.close();
    }
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(numberNow()).toBe(before);
  });
});
