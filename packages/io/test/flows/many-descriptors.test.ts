import { closeSync } from "node:fs";
import { getRunningLoop, run as runLoop } from "@trestle/loop";
import { openNursery, run } from "@trestle/structured";
import { waitAllTasksBlocked } from "@trestle/structured/testing";
import { expect, test, type TestContext } from "vitest";
import { ioLayer } from "../../src/loop/io-layer.js";
import { readinessStatistics } from "../../src/readiness/readiness.js";
import { waitReadable } from "../../src/structured/wait-readable.js";
import { addon, hasAddon, poke } from "../open-pair.js";

const DESCRIPTORS = 10_000;

/** Opens so many sockets, two by two; skips the test where the limit of the process does not allow it. */
function openSockets({ skip }: TestContext): number[] {
  const opened: number[] = [];
  while (opened.length < DESCRIPTORS) {
    const pair = addon().socketPair();
    if (typeof pair === "number") {
      for (const fd of opened) closeSync(fd);
      skip(`the process may have only ${opened.length} descriptors more: raise 'ulimit -n'`);
      throw new Error("it was not skipped");
    }
    opened.push(...pair);
  }
  return opened;
}

test.skipIf(!hasAddon)(
  "10,000 readers are called once each for what they read",
  async (context) => {
    const descriptors = openSockets(context);
    const byte = new Uint8Array(1);
    let called = 0;
    await runLoop(
      () =>
        new Promise<void>((resolve) => {
          const loop = getRunningLoop();
          for (const fd of descriptors) {
            loop.addReader(fd, () => {
              expect(addon().read(fd, byte)).toBe(1);
              if (++called === DESCRIPTORS) resolve();
            });
          }
          expect(readinessStatistics().waitingForReading).toBe(DESCRIPTORS);
          for (const fd of descriptors) poke(fd);
        }),
      { io: ioLayer },
    );
    expect([called, readinessStatistics().waitingForReading]).toEqual([DESCRIPTORS, 0]);
    for (const fd of descriptors) closeSync(fd);
  },
);

test.skipIf(!hasAddon)("10,000 tasks wait, and each is woken by its own byte", async (context) => {
  const descriptors = openSockets(context);
  const woken: number[] = [];
  await run(() =>
    openNursery(function* (nursery) {
      for (const fd of descriptors) {
        nursery.startSoon(function* () {
          yield* waitReadable(fd);
          woken.push(fd);
        });
      }
      yield* waitAllTasksBlocked();
      expect(readinessStatistics().waitingForReading).toBe(DESCRIPTORS);
      for (const fd of descriptors) poke(fd);
    }),
  );
  expect(new Set(woken).size).toBe(DESCRIPTORS);
  for (const fd of descriptors) closeSync(fd);
});
