import { expect, onTestFinished, test } from "vitest";
import { READABLE } from "../../src/readiness/backend.js";
import { openStreamBackend } from "../../src/readiness/stream-backend.js";
import { hasAddon, openPipe, poke, takeByte } from "../open-pair.js";

const isOnNode = process.platform !== "win32" && process.versions["bun"] === undefined;

test.skipIf(!hasAddon || !isOnNode)("leaves the data where they are", async () => {
  const [reading, writing] = openPipe();
  const event = new Promise((resolve) => {
    const backend = openStreamBackend((...event) => resolve(event), "this test wants none");
    if (backend === undefined) throw new Error("there is no fallback here");
    onTestFinished(() => backend.close());
    backend.hold(true);
    expect(backend.arm(reading, READABLE, 5)).toBe(0);
    poke(writing);
  });
  expect(await event).toEqual([reading, 5, READABLE]);
  expect(takeByte(reading)).toBe("x");
});
