import { expect, test } from "vitest";
import { NAP, NapMeter } from "../src/nap-meter.js";

test("keeps the longest delay, and no nap that was too short", () => {
  let now = 0;
  const naps = new NapMeter(() => now);
  for (const late of [2, 7, -1]) {
    naps.begin();
    now += NAP + late;
    naps.end();
  }
  expect(naps.worst).toBe(7);
});
