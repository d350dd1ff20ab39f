import { closeSync } from "node:fs";
import { getRunningLoop, run, sleep, type IoLayer } from "@trestle/loop";
import { expect, test } from "vitest";
import { ioLayer } from "../../src/loop/io-layer.js";
import { hasAddon, openPipe, poke } from "../open-pair.js";

const io = ioLayer as IoLayer;

test.skipIf(!hasAddon)("a loop with the layer calls readers and writers", async () => {
  const [reading, writing] = openPipe();
  const log: string[] = [];
  await run(
    async () => {
      const loop = getRunningLoop();
      await new Promise<void>((resolve) => {
        loop.addWriter(writing, () => {
          log.push("W");
          loop.removeWriter(writing);
          poke(writing);
        });
        loop.addReader(reading, () => {
          log.push("R");
          if (log.length < 4) return;
          loop.removeReader(reading);
          resolve();
        });
      });
      await sleep(0);
      closeSync(reading);
    },
    { io },
  );
  expect(log).toEqual(["W", "R", "R", "R"]);
});
